/// Scores of a ranking, a classification, a segmentation or a detection.
/// [org.jmoco.eval.metrics.AveragePrecision] holds the three average precisions of whole images that the
/// protocols use, [org.jmoco.eval.metrics.MeanIou] the scores of label maps, [org.jmoco.eval.metrics.CocoAp]
/// COCO's twelve numbers of detection.
package org.jmoco.eval.metrics;
