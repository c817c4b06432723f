package org.jmoco.tensor.ops.reduce;

import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.Tensor;

/// Sums over several axes at once; neighbouring axes are summed as one.
public final class SumTo {
    private SumTo() {}

    /// The transpose of broadcasting: `x` summed over the axes where `to` is missing or has extent 1.
    public static Tensor shape(Tensor x, Shape to) {
        int missing = x.shape().rank() - to.rank();
        int[] repeated = IntStream.range(0, x.shape().rank())
                .filter(a ->
                        a < missing || to.dim(a - missing) == 1 && x.shape().dim(a) != 1)
                .toArray();
        return over(x, repeated).reshape(to);
    }

    /// `x` summed over these axes, which disappear; negative ones count from the end.
    ///
    /// @throws ShapeException if an axis does not exist or is given twice
    public static Tensor over(Tensor x, int... axes) {
        BitSet summed = new BitSet();
        for (int axis : axes) {
            int a = x.shape().axis(axis);
            if (summed.get(a)) {
                throw new ShapeException("sum: axis " + axis + " of " + x.shape() + " is given twice");
            }
            summed.set(a);
        }
        Tensor y = x;
        for (int last = summed.length() - 1; last >= 0; ) {
            int first = summed.previousClearBit(last) + 1;
            y = y.reshape(merged(y.shape(), first, last)).sum(first);
            last = summed.previousSetBit(first - 1);
        }
        return y;
    }

    /// The shape with the axes `first` to `last` as one.
    private static Shape merged(Shape x, int first, int last) {
        int[] dims = Arrays.copyOf(x.dims(), x.rank() - (last - first));
        dims[first] = Math.toIntExact(x.size(first, last + 1));
        System.arraycopy(x.dims(), last + 1, dims, first + 1, x.rank() - last - 1);
        return Shape.of(dims);
    }
}
