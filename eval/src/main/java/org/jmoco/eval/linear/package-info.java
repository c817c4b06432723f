/// Linear evaluation: classifiers trained on the frozen features of an encoder, by MoCo's protocol (one, on the
/// pooled features) and by the multi-head protocol (one on each stage).
///
/// Reading order: [LinearHeads][org.jmoco.eval.linear.LinearHeads] (the classifiers),
/// [Recipe][org.jmoco.eval.linear.Recipe] (how they are trained),
/// [FeatureInput][org.jmoco.eval.linear.FeatureInput] with [LiveFeatures][org.jmoco.eval.linear.LiveFeatures] and
/// [StoredFeatures][org.jmoco.eval.linear.StoredFeatures],
/// [ClassifierTraining][org.jmoco.eval.linear.ClassifierTraining] (a step, and what comes after an epoch),
/// [Scorer][org.jmoco.eval.linear.Scorer], [LinearConfig][org.jmoco.eval.linear.LinearConfig],
/// [HeadsOnFeatures][org.jmoco.eval.linear.HeadsOnFeatures] (from features to a result) and
/// [LinearBenchmark][org.jmoco.eval.linear.LinearBenchmark] (from images to features).
package org.jmoco.eval.linear;
