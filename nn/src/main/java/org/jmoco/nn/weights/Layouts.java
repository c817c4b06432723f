package org.jmoco.nn.weights;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.ElementType;

/// The order of a weight's dimensions here and in PyTorch.
///
/// | weight          | here                            | PyTorch                         |
/// |-----------------|---------------------------------|---------------------------------|
/// | convolution     | `[height, width, in, out]`      | `[out, in, height, width]`      |
/// | linear          | `[in, out]`                     | `[out, in]`                     |
/// | everything else | rank 0 or 1                     | the same                        |
public final class Layouts {
    private static final int[] HWIO_FROM_OIHW = {2, 3, 1, 0};
    private static final int[] OIHW_FROM_HWIO = {3, 2, 0, 1};
    private static final int[] TRANSPOSED = {1, 0};

    private Layouts() {}

    /// A weight in this project's order as PyTorch wants it.
    public static ArrayData toTorch(ArrayData weight) {
        return permute(weight, weight.rank() == 4 ? OIHW_FROM_HWIO : TRANSPOSED);
    }

    /// A weight of a PyTorch checkpoint in this project's order, as F32.
    public static ArrayData fromTorch(ArrayData weight) {
        return permute(weight.toF32(), weight.rank() == 4 ? HWIO_FROM_OIHW : TRANSPOSED);
    }

    /// What [#toTorch] makes of a shape.
    public static long[] torchShape(long... shape) {
        int[] axes = shape.length == 4 ? OIHW_FROM_HWIO : TRANSPOSED;
        return shape.length < 2 ? shape.clone() : Arrays.stream(axes).mapToLong(a -> shape[a]).toArray();
    }

    /// Dimension `i` of the result is dimension `axes[i]` of the float array `from`; vectors stay as they are.
    private static ArrayData permute(ArrayData from, int... axes) {
        if (from.rank() < 2) {
            return from;
        }
        long[] shape = new long[axes.length];
        long[] stride = new long[axes.length];
        for (int i = 0; i < axes.length; i++) {
            shape[i] = from.dim(axes[i]);
            stride[i] = 1;
            for (int a = axes[i] + 1; a < axes.length; a++) {
                stride[i] *= from.dim(a);
            }
        }
        MemorySegment to = ArrayData.allocate(from.payload().byteSize());
        long[] at = new long[axes.length];
        long source = 0;
        for (long i = 0; i < from.count(); i++) {
            to.setAtIndex(ValueLayout.JAVA_INT, i, from.payload().get(ValueLayout.JAVA_INT_UNALIGNED, 4 * source));
            for (int a = axes.length - 1; a >= 0; a--) {
                source += stride[a];
                if (++at[a] < shape[a]) {
                    break;
                }
                source -= stride[a] * shape[a];
                at[a] = 0;
            }
        }
        return ArrayData.of(ElementType.F32, shape, to);
    }
}
