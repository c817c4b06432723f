package org.jmoco.tensor.ops.elementwise;

import java.util.Arrays;
import java.util.List;
import org.jmoco.tensor.Call;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.Tensor;

/// 1 where a relation between two operands of one type holds, else 0, as floats, broadcasting; nothing holds for NaN.
///
/// Gradient: none; the result is constant almost everywhere.
public record Compare(Relation relation) implements Op {
    /// What is asked.
    public enum Relation {
        /// `a = b`
        EQUAL,
        /// `a > b`
        GREATER,
        /// `a ≥ b`
        GREATER_OR_EQUAL;

        /// Whether it holds. Every element type fits into a double.
        public boolean holds(double a, double b) {
            return switch (this) {
                case EQUAL -> a == b;
                case GREATER -> a > b;
                case GREATER_OR_EQUAL -> a >= b;
            };
        }
    }

    @Override
    public Shape shapeOf(Shape... in) {
        return Shape.broadcast(name(), in[0], in[1]);
    }

    @Override
    public DType typeOf(DType... in) {
        if (in[0] != in[1]) {
            throw new ShapeException("compare: " + in[0] + " with " + in[1] + "; use cast");
        }
        return DType.F32;
    }

    @Override
    public List<Tensor> gradient(Call call, Tensor dy) {
        return Arrays.asList(null, null);
    }
}
