package org.jmoco.moco.command.device;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;

/// An op with operands to try it on.
///
/// @param operands shapes of the operands, if the user says nothing; the last `integers` of them hold row numbers or classes
/// @param below    what integers stay below
record OpExample(Function<Tensor[], Tensor> function, List<Shape> operands, int integers, int below) {
    private static final SequencedMap<String, OpExample> ALL = new LinkedHashMap<>();

    static {
        put("conv2d", in -> in[0].conv2d(in[1], 1, in[1].shape().dim(0) / 2), Shape.of(4, 56, 56, 64), Shape.of(3, 3, 64, 64));
        put("matMul", in -> in[0].matmul(in[1]), Shape.of(512, 512), Shape.of(512, 512));
        put("batchNormInference", in -> in[0].batchNormInference(in[1], in[2], in[3], in[4].square(), 1e-5f), Shape.of(4, 56, 56, 64), Shape.of(64), Shape.of(64), Shape.of(64), Shape.of(64));
        put("maxPool2d", in -> in[0].maxPool2d(3, 2, 1), Shape.of(4, 112, 112, 64));
        put("avgPool2d", in -> in[0].avgPool2d(2, 2, 0), Shape.of(4, 56, 56, 64));
        put("adaptiveAvgPool2d", in -> in[0].adaptiveAvgPool2d(1, 1), Shape.of(4, 7, 7, 2048));
        put("l2Normalize", in -> in[0].l2Normalize(), Shape.of(256, 128));
        ALL.put("softmaxCrossEntropy", new OpExample(in -> in[0].softmaxCrossEntropy(in[1]), List.of(Shape.of(64, 1000), Shape.of(64)), 1, 2));
        put("relu", in -> in[0].relu(), Shape.of(4, 56, 56, 256));
        put("add", in -> in[0].add(in[1]), Shape.of(4, 56, 56, 256), Shape.of(4, 56, 56, 256));
        put("multiply", in -> in[0].multiply(in[1]), Shape.of(4, 56, 56, 256), Shape.of(4, 56, 56, 256));
        put("divide", in -> in[0].divide(in[1]), Shape.of(4, 56, 56, 256), Shape.of(1));
        put("exp", in -> in[0].exp(), Shape.of(1 << 20));
        put("sum", in -> in[0].sum(0), Shape.of(4_096, 256));
        put("max", in -> in[0].max(1), Shape.of(4_096, 256));
        put("argMax", in -> in[0].argMax(1), Shape.of(4_096, 256));
        put("topK", in -> in[0].topK(5), Shape.of(256, 1_000));
        put("permute", in -> in[0].permute(0, 3, 1, 2), Shape.of(4, 56, 56, 64));
        put("concat", in -> Tensor.concat(1, in), Shape.of(256, 64), Shape.of(256, 64));
        ALL.put("gatherRows", new OpExample(in -> in[0].gatherRows(in[1]), List.of(Shape.of(256, 128), Shape.of(256)), 1, 2));
        put("movingAverage", in -> in[0].movingAverage(in[1], 0.999f), Shape.of(1 << 20), Shape.of(1 << 20));
    }

    private static void put(String name, Function<Tensor[], Tensor> function, Shape... operands) {
        ALL.put(name, new OpExample(function, List.of(operands), 0, 0));
    }

    static Map<String, OpExample> all() {
        return ALL;
    }

    /// The same on other operands.
    ///
    /// @param text extents with `x` between them, operands with commas: `8x28x28x128,3x3x128x128`
    /// @throws IllegalArgumentException if there are not as many operands, or it is none
    OpExample on(String text) {
        List<Shape> shapes = Arrays.stream(text.split(",", -1)).map(OpExample::shape).toList();
        if (shapes.size() != operands.size()) {
            throw new IllegalArgumentException("expected " + operands.size() + " shapes, such as " + operands + ", got " + shapes);
        }
        return new OpExample(function, shapes, integers, below);
    }

    private static Shape shape(String text) {
        if (!text.matches("\\d{1,9}(x\\d{1,9})*")) {
            throw new IllegalArgumentException("expected extents such as 8x28x28x128, got " + text);
        }
        return Shape.of(Arrays.stream(text.split("x", -1)).mapToInt(Integer::parseInt).toArray());
    }

    DType type(int operand) {
        return operand < operands.size() - integers ? DType.F32 : DType.I32;
    }
}
