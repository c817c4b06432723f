/// Detection: Faster R-CNN on the fourth stage of a pre-trained encoder (C4), and Faster and Mask R-CNN on a
/// feature pyramid (FPN), trained further as a whole.
///
/// The program of a training step pauses when regions are proposed: the host chooses those to learn from.
///
/// Reading order: [DetectConfig][org.jmoco.eval.detect.DetectConfig], [Flavour][org.jmoco.eval.detect.Flavour],
/// [Detector][org.jmoco.eval.detect.Detector] (the networks), [DetectLoss][org.jmoco.eval.detect.DetectLoss],
/// [DetectStep][org.jmoco.eval.detect.DetectStep] (what it is fed:
/// [DetectBatch][org.jmoco.eval.detect.DetectBatch]; what the host chooses:
/// [Proposals][org.jmoco.eval.detect.Proposals], [RoiTargets][org.jmoco.eval.detect.RoiTargets]),
/// [DetectPredictor][org.jmoco.eval.detect.DetectPredictor].
package org.jmoco.eval.detect;
