/// Boxes of detection: coding them as regression targets, anchors, overlaps, non-maximum suppression, matching with
/// annotated objects, and sampling. All on the host, one image at a time; images may be handled in parallel.
///
/// A box is x0, y0, x1, y1 in pixels, its width x1 − x0. Arithmetic is in float32 and in the order of torchvision and
/// detectron2, so that thresholds decide alike.
///
/// Reading order: [Boxes][org.jmoco.eval.boxes.Boxes], [Anchors][org.jmoco.eval.boxes.Anchors],
/// [BoxCoder][org.jmoco.eval.boxes.BoxCoder], [Nms][org.jmoco.eval.boxes.Nms],
/// [Matcher][org.jmoco.eval.boxes.Matcher], [Sampler][org.jmoco.eval.boxes.Sampler].
package org.jmoco.eval.boxes;
