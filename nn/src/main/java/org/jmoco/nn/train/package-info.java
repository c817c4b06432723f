/// The one training loop, and what every run keeps.
///
/// Reading order: [Training][org.jmoco.nn.train.Training] (what a training says of itself),
/// [TrainingLoop][org.jmoco.nn.train.TrainingLoop] (what is the same for all),
/// [Run][org.jmoco.nn.train.Run] with [RunIdentity][org.jmoco.nn.train.RunIdentity] (a folder of its own, and what
/// it may go on with), [RunLog][org.jmoco.nn.train.RunLog] (what is written down).
///
/// [RunFolder][org.jmoco.nn.train.RunFolder] owns the folder and its lock,
/// [Checkpoints][org.jmoco.nn.train.Checkpoints] saves and finds states,
/// [MetricsLog][org.jmoco.nn.train.MetricsLog] is `metrics.jsonl`, [LossLog][org.jmoco.nn.train.LossLog] the
/// losses with all digits, [EventFile][org.jmoco.nn.train.EventFile] TensorBoard's format,
/// [Progress][org.jmoco.nn.train.Progress] the line on the terminal, [Interrupts][org.jmoco.nn.train.Interrupts]
/// the wish to stop, [SameProgram][org.jmoco.nn.train.SameProgram] whether processes fit together. Nothing here knows
/// what is being trained, or of images.
package org.jmoco.nn.train;
