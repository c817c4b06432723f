/// A run's folder and what is kept in it.
///
/// [RunFolder] owns the folder and its lock, [Checkpoints] saves and finds states, [MetricsLog] is
/// `metrics.jsonl`, [Progress] the line on the terminal. Nothing here knows what is being trained.
package org.jmoco.moco.run;
