/// See the classes.
package org.jmoco.tensor;
