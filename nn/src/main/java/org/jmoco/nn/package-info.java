/// See the classes.
package org.jmoco.nn;
