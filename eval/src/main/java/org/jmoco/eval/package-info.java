/// What is done with a trained encoder's features.
///
/// Reading order: `metrics` (average precision), `svm` (the solver and the VOC07 protocol), `stats` (intervals and
/// tests over images). [LabelMatrix][org.jmoco.eval.LabelMatrix] holds what is known about each image and class.
package org.jmoco.eval;
