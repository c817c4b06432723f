/// What a detector found. [org.jmoco.eval.detections.Detections] holds the boxes, scores, classes and masks of an
/// image, [org.jmoco.eval.detections.DetectionsJson] keeps those of many images in a file of COCO's form.
package org.jmoco.eval.detections;
