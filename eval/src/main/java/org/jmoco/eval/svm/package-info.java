/// Linear support vector machines on frozen features: the VOC07 benchmark and its low-shot form.
///
/// Reading order: [org.jmoco.eval.svm.SvmProtocol] and [org.jmoco.eval.lowshot.LowShotProtocol] are the
/// benchmarks, [org.jmoco.eval.svm.SquaredHingeSolver] the solver with its mathematics, [org.jmoco.eval.svm.Gram]
/// all it knows of the features. [org.jmoco.eval.svm.SvmImages] takes features and labels from images.
package org.jmoco.eval.svm;
