package org.jmoco.tensor.reference;

import java.util.function.DoubleBinaryOperator;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.Shape;

/// Index arithmetic for references, one element at a time.
public final class Elements {
    private Elements() {}

    /// The position along every axis of element `index`, row-major.
    public static int[] position(Shape shape, long index) {
        int[] at = new int[shape.rank()];
        long rest = index;
        for (int a = shape.rank() - 1; a >= 0; a--) {
            at[a] = (int) (rest % shape.dim(a));
            rest /= shape.dim(a);
        }
        return at;
    }

    /// The row-major index of a position.
    public static int index(Shape shape, int... at) {
        long i = 0;
        for (int a = 0; a < at.length; a++) {
            i = i * shape.dim(a) + at[a];
        }
        return (int) i;
    }

    /// The element of `small` that broadcasts to position `at` of a larger shape.
    public static int broadcast(Shape small, int... at) {
        int[] own = new int[small.rank()];
        for (int a = 0; a < own.length; a++) {
            own[a] = small.dim(a) == 1 ? 0 : at[at.length - own.length + a];
        }
        return index(small, own);
    }

    /// A function of two operands that broadcast, element by element.
    public static double[] binary(Node call, double[] a, double[] b, DoubleBinaryOperator function) {
        double[] y = new double[Math.toIntExact(call.shape().size())];
        for (int i = 0; i < y.length; i++) {
            int[] at = position(call.shape(), i);
            y[i] = function.applyAsDouble(
                    a[broadcast(call.input(0).shape(), at)],
                    b[broadcast(call.input(1).shape(), at)]);
        }
        return y;
    }
}
