/// Segmentation: a fully convolutional network on a pre-trained encoder, trained further as a whole, and measured
/// by the mean intersection over union of its classes.
///
/// Reading order: [Segmenter][org.jmoco.eval.segment.Segmenter] (the network, its
/// [heads][org.jmoco.eval.segment.FcnHead]), [SegmentLoss][org.jmoco.eval.segment.SegmentLoss],
/// [SegmentStep][org.jmoco.eval.segment.SegmentStep].
package org.jmoco.eval.segment;
