package org.jmoco.tensor.ops.reduce;

import static org.jmoco.tensor.OpCase.unary;

import java.util.List;
import org.jmoco.tensor.OpCase;
import org.jmoco.tensor.OpTest;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;

class SumTest extends OpTest {
    @Override
    protected List<OpCase> cases() {
        return List.of(
                unary("sum of everything", Tensor::sum, Shape.of(3, 5, 7)),
                unary("sum over the first axis", x -> x.sum(0), Shape.of(11, 19)),
                unary("sum over a middle axis", x -> x.sum(1), Shape.of(3, 6, 5)),
                unary("sum over the last axis", x -> x.sum(-1), Shape.of(4, 37)),
                unary("sum over many rows", x -> x.sum(0), Shape.of(9_001, 3)),
                unary("sum over a long row", x -> x.sum(0), Shape.of(20_001)),
                unary("sum over an empty axis", x -> x.sum(0), Shape.of(0, 3)),
                unary("mean", Tensor::mean, Shape.of(6, 7)));
    }
}
