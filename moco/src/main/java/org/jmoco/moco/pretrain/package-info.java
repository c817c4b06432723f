/// The training loop.
///
/// [Pretraining][org.jmoco.moco.pretrain.Pretraining] is a run from configuration to weights. Around it: `RunData`
/// and `Timetable` say what is trained on and what happens when, `RunState` is what a checkpoint holds and
/// `SameRun` whether it may be gone on from, `TrainingLog` what is written down, `KnnMonitor` how good the encoder
/// is, `FaultSearch` where a loss that is not a number came from.
package org.jmoco.moco.pretrain;
