/// Scores of a ranking, a classification, a segmentation or a detection.
/// [org.jmoco.eval.metrics.AveragePrecision] holds the three average precisions of whole images that the
/// protocols use, [org.jmoco.eval.metrics.MeanIou] the scores of label maps. Of detection there are COCO's
/// twelve numbers, [org.jmoco.eval.metrics.CocoAp], and PASCAL VOC's average precision,
/// [org.jmoco.eval.metrics.VocDetectionAp]; both match detections with objects image by image and leave the
/// rest to [org.jmoco.eval.metrics.MatchedDetections].
package org.jmoco.eval.metrics;
