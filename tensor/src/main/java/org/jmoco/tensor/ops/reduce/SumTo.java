package org.jmoco.tensor.ops.reduce;

import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;

/// The transpose of broadcasting: sums a tensor over every axis along which a smaller one was repeated.
public final class SumTo {
    private SumTo() {}

    /// `x` summed over the axes where `to` is missing or has extent 1.
    public static Tensor shape(Tensor x, Shape to) {
        Tensor y = x;
        while (y.shape().rank() > to.rank()) {
            y = y.sum(0);
        }
        for (int a = 0; a < to.rank(); a++) {
            if (to.dim(a) == 1 && y.shape().dim(a) != 1) {
                y = y.sum(a).reshape(y.shape().with(a, 1));
            }
        }
        return y;
    }
}
