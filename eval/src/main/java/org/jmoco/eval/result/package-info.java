/// What a benchmark hands over: numbers with their intervals, what every item contributed to them, and where all
/// of it came from.
///
/// Start at [org.jmoco.eval.result.EvaluationResult]. [org.jmoco.eval.result.ResultFolder] keeps one on disk
/// (`result.json`, `items.safetensors`), [org.jmoco.eval.result.ResultText] shows one on a terminal,
/// [org.jmoco.eval.result.Comparison] tells two encoders apart on the same items.
package org.jmoco.eval.result;
