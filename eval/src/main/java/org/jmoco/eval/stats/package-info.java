/// How sure a number is: summaries over draws or seeds, intervals over images, paired tests of two
/// encoders on the same images.
package org.jmoco.eval.stats;
