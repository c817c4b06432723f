package org.jmoco.tensor.ops.elementwise;

import java.util.List;
import org.jmoco.tensor.Call;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.ops.reduce.SumTo;

/// `y = a + b`, broadcasting.
///
/// Gradient: `da = dy`, `db = dy`, each summed over the axes along which its operand was repeated.
public record Add() implements Op.InPlace {
    @Override
    public Shape shapeOf(Shape... in) {
        return Shape.broadcast(name(), in[0], in[1]);
    }

    @Override
    public List<Tensor> gradient(Call call, Tensor dy) {
        return List.of(
                SumTo.shape(dy, call.input(0).shape()),
                SumTo.shape(dy, call.input(1).shape()));
    }
}
