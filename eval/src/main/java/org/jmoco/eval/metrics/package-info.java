/// Scores of a ranking or a classification. [org.jmoco.eval.metrics.AveragePrecision] holds the three average
/// precisions that the protocols use.
package org.jmoco.eval.metrics;
