/// Scores of a ranking, a classification or a segmentation. [org.jmoco.eval.metrics.AveragePrecision] holds the three
/// average precisions that the protocols use, [org.jmoco.eval.metrics.MeanIou] the scores of label maps.
package org.jmoco.eval.metrics;
