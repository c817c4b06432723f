/// See the classes.
package org.jmoco.eval;
