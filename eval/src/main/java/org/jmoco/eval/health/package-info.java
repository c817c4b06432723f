/// Whether a contrastive run is well: numbers about its features that tell collapse and stagnation before a
/// benchmark does.
package org.jmoco.eval.health;
