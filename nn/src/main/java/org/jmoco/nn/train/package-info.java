/// What every training needs besides its step: the folder of a run and what is kept in it, signals, events.
///
/// [RunFolder][org.jmoco.nn.train.RunFolder] owns the folder and its lock,
/// [Checkpoints][org.jmoco.nn.train.Checkpoints] saves and finds states,
/// [MetricsLog][org.jmoco.nn.train.MetricsLog] is `metrics.jsonl`, [LossLog][org.jmoco.nn.train.LossLog] the losses
/// with all digits, [EventFile][org.jmoco.nn.train.EventFile] TensorBoard's format,
/// [Progress][org.jmoco.nn.train.Progress] the line on the terminal, [Interrupts][org.jmoco.nn.train.Interrupts] the
/// wish to stop. Nothing here knows what is being trained.
package org.jmoco.nn.train;
