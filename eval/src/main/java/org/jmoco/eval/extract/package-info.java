/// Features of frozen encoders: from weights and images to rows of floats.
///
/// Reading order: [Encoder][org.jmoco.eval.extract.Encoder] (a network, from any weights file or a live one),
/// [Tap][org.jmoco.eval.extract.Tap] (where and how pooled),
/// [FeatureExtractor][org.jmoco.eval.extract.FeatureExtractor] (whole data sets, streamed),
/// [FeatureTable][org.jmoco.eval.extract.FeatureTable] (in memory).
package org.jmoco.eval.extract;
