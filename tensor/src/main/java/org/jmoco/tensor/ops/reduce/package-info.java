/// Sums, maxima and the positions of the largest elements. Sums over several axes are put together in
/// [SumTo][org.jmoco.tensor.ops.reduce.SumTo].
package org.jmoco.tensor.ops.reduce;
