/// Momentum contrast: what one training step computes, and the state that it moves.
///
/// Read in this order: [StepPrograms][org.jmoco.moco.algorithm.StepPrograms], Algorithm 1 of the paper as
/// programs; [Queue][org.jmoco.moco.algorithm.Queue]; [Ranks][org.jmoco.moco.algorithm.Ranks] and
/// [Shuffle][org.jmoco.moco.algorithm.Shuffle], which keep batch norm from giving the answer away;
/// [Moco][org.jmoco.moco.algorithm.Moco], the state of a run; [Step][org.jmoco.moco.algorithm.Step], which feeds
/// and runs the programs; `MocoState`, names and element orders in files.
///
/// Where files are read, checkpoints written and learning rates chosen, is not known here.
package org.jmoco.moco.algorithm;
