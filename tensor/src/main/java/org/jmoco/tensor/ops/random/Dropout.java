package org.jmoco.tensor.ops.random;

import java.util.Arrays;
import java.util.List;
import org.jmoco.tensor.Call;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.Tensor;

/// Dropout (Srivastava et al. 2014) as it is used in training: each element becomes 0 with a given probability,
/// the others grow so that the mean stays.
///
/// | name | shape | meaning |
/// |---|---|---|
/// | x | any | values |
/// | state | `[4]` I32 | seed and step, each the low word first |
/// | y | as x | `x / (1 − probability)` where the [uniform][RandomUniform] number is at least `probability`, else 0 |
///
/// Gradient: the same mask, drawn again.
///
/// @param probability of becoming 0, in `[0, 1)`
/// @param stream      which of the state's independent sequences
public record Dropout(float probability, int stream) implements Op.InPlace {
    public Dropout {
        if (!(probability >= 0 && probability < 1)) {
            throw new IllegalArgumentException("dropout: the probability must lie in [0, 1), got " + probability);
        }
    }

    @Override
    public Shape shapeOf(Shape... in) {
        RandomBlocks.requireState(name(), in[1]);
        return in[0];
    }

    @Override
    public DType typeOf(DType... in) {
        if (in[0] != DType.F32) {
            throw new ShapeException("dropout: expected F32, got " + in[0]);
        }
        RandomBlocks.requireState(name(), in[1]);
        return DType.F32;
    }

    @Override
    public List<Tensor> gradient(Call call, Tensor dy) {
        return Arrays.asList(on(dy, call.input(1)), null);
    }
}
