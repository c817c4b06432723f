package org.jmoco.tensor.ops.norm;

import java.util.List;
import org.jmoco.tensor.Call;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;

/// Scales every row of a matrix to unit Euclidean length.
///
/// | name | shape    | meaning                                              |
/// |------|----------|------------------------------------------------------|
/// | x    | `[n, d]` | features, one row a sample                           |
/// | y    | `[n, d]` | `y[i] = x[i] / max(‖x[i]‖₂, epsilon)`, dimensionless |
///
/// Gradient: `dx[i] = (dy[i] − y[i]·⟨y[i], dy[i]⟩) / ‖x[i]‖₂`, and `dy[i] / epsilon` for rows shorter than
/// epsilon.
public record L2Normalize(float epsilon) implements Op.InPlace {
    @Override
    public Shape shapeOf(Shape... in) {
        return in[0].requireRank(2, "l2Normalize", "[n, d]");
    }

    @Override
    public List<Tensor> gradient(Call call, Tensor dy) {
        return List.of(new L2NormalizeGradient(epsilon).on(dy, call.input(0), call.output()));
    }

    @Override
    public double flops(Shape out, Shape... in) {
        return 3.0 * out.size();
    }
}
