/// Semi-supervised evaluation: the whole network fine-tuned on 1 % or 10 % of the labels, over a grid of learning
/// rates.
///
/// Reading order: [SemiConfig][org.jmoco.eval.semi.SemiConfig], [FineTuned][org.jmoco.eval.semi.FineTuned] (the
/// network and its two learning rates), [SemiBenchmark][org.jmoco.eval.semi.SemiBenchmark] (the grid),
/// [BalancedSubset][org.jmoco.eval.semi.BalancedSubset] (labelled images where no list says which).
package org.jmoco.eval.semi;
