/// Features on a plane, to look at.
package org.jmoco.eval.embed;
