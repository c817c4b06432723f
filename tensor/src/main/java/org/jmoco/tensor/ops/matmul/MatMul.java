package org.jmoco.tensor.ops.matmul;

import java.util.Arrays;
import java.util.List;
import org.jmoco.tensor.Call;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.Tensor;

/// Matrix product `y = op(a) · op(b) + bias`, where `op` transposes if asked.
///
/// | name | shape | meaning |
/// |---|---|---|
/// | a | `[m, k]`, or `[k, m]` if transposed | left |
/// | b | `[k, n]`, or `[n, k]` if transposed | right |
/// | bias | `[n]` | added to every row; may be missing. Programs write `add(bias)`, a rewrite puts it here |
/// | y | `[m, n]` | product |
///
/// Gradient: `da = dy · bᵀ`, `db = aᵀ · dy` (each transposed where the operand is), `dbias` the sum of the rows
/// of dy.
public record MatMul(boolean transposeA, boolean transposeB) implements Op.SampleSum, Op.Product {
    @Override
    public Shape shapeOf(Shape... in) {
        Shape a = in[0].requireRank(2, "matmul", "a matrix on the left");
        Shape b = in[1].requireRank(2, "matmul", "a matrix on the right");
        int k = a.dim(transposeA ? 0 : 1);
        if (k != b.dim(transposeB ? 1 : 0)) {
            throw new ShapeException("matmul: inner extents differ: " + a + (transposeA ? "ᵀ" : "") + " · " + b
                    + (transposeB ? "ᵀ" : ""));
        }
        int n = b.dim(transposeB ? 0 : 1);
        if (in.length > 2 && !in[2].equals(Shape.of(n))) {
            throw new ShapeException(
                    "matmul: the bias of a product with " + n + " columns is [" + n + "], got " + in[2]);
        }
        return Shape.of(a.dim(transposeA ? 1 : 0), n);
    }

    @Override
    public List<Tensor> gradient(Call call, Tensor dy) {
        Tensor a = call.input(0);
        Tensor b = call.input(1);
        Tensor da =
                !call.needs(0) ? null : transposeA ? b.matmul(dy, transposeB, true) : dy.matmul(b, false, !transposeB);
        Tensor db =
                !call.needs(1) ? null : transposeB ? dy.matmul(a, true, transposeA) : a.matmul(dy, !transposeA, false);
        return call.inputs() > 2 ? Arrays.asList(da, db, call.needs(2) ? dy.sum(0) : null) : Arrays.asList(da, db);
    }

    /// `aᵀ · b` sums over the rows of both; that of a weight gradient, over samples.
    @Override
    public boolean sumsSamples() {
        return transposeA && !transposeB;
    }

    @Override
    public double flops(Shape out, Shape... in) {
        return 2.0 * out.size() * in[0].dim(transposeA ? 0 : 1);
    }
}
