/// Pre-training as a run.
///
/// [Pretraining][org.jmoco.moco.pretrain.Pretraining] is a run from configuration to weights. `MocoTraining` says
/// what a step does, what a checkpoint holds and what comes between epochs; the loop is
/// [TrainingLoop][org.jmoco.nn.train.TrainingLoop]. Around it: `RunData` and `Timetable` say what is trained on
/// and what happens when, `MocoIdentity` what a run may go on with, `KnnMonitor` how good the encoder is,
/// `HealthMonitor` how its features lie.
package org.jmoco.moco.pretrain;
