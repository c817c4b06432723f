package org.jmoco.moco.command.device;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.ops.conv.Conv2d;
import org.jmoco.tensor.ops.conv.Conv2dInputGradient;
import org.jmoco.tensor.ops.conv.Conv2dWeightGradient;
import org.jmoco.tensor.ops.elementwise.Add;
import org.jmoco.tensor.ops.elementwise.AddModulo;
import org.jmoco.tensor.ops.elementwise.AddReluGradient;
import org.jmoco.tensor.ops.elementwise.Compare;
import org.jmoco.tensor.ops.elementwise.Divide;
import org.jmoco.tensor.ops.elementwise.Exp;
import org.jmoco.tensor.ops.elementwise.Log;
import org.jmoco.tensor.ops.elementwise.Maximum;
import org.jmoco.tensor.ops.elementwise.Multiply;
import org.jmoco.tensor.ops.elementwise.NormalizeImage;
import org.jmoco.tensor.ops.elementwise.Relu;
import org.jmoco.tensor.ops.elementwise.ReluGradient;
import org.jmoco.tensor.ops.elementwise.Sqrt;
import org.jmoco.tensor.ops.elementwise.Subtract;
import org.jmoco.tensor.ops.image.ResizeBilinear;
import org.jmoco.tensor.ops.image.ResizeBilinearGradient;
import org.jmoco.tensor.ops.image.RoiAlign;
import org.jmoco.tensor.ops.image.RoiAlignGradient;
import org.jmoco.tensor.ops.image.ZeroOutside;
import org.jmoco.tensor.ops.loss.SigmoidCrossEntropy;
import org.jmoco.tensor.ops.loss.SigmoidCrossEntropyGradient;
import org.jmoco.tensor.ops.loss.SoftmaxCrossEntropy;
import org.jmoco.tensor.ops.loss.SoftmaxCrossEntropyGradient;
import org.jmoco.tensor.ops.matmul.MatMul;
import org.jmoco.tensor.ops.norm.BatchGroups;
import org.jmoco.tensor.ops.norm.BatchNorm;
import org.jmoco.tensor.ops.norm.BatchNormGradientSums;
import org.jmoco.tensor.ops.norm.BatchNormInference;
import org.jmoco.tensor.ops.norm.BatchNormInputGradient;
import org.jmoco.tensor.ops.norm.BatchNormStatistics;
import org.jmoco.tensor.ops.norm.L2Normalize;
import org.jmoco.tensor.ops.norm.L2NormalizeGradient;
import org.jmoco.tensor.ops.pool.AdaptiveAvgPool2d;
import org.jmoco.tensor.ops.pool.AdaptiveAvgPool2dGradient;
import org.jmoco.tensor.ops.pool.AvgPool2d;
import org.jmoco.tensor.ops.pool.AvgPool2dGradient;
import org.jmoco.tensor.ops.pool.MaxPool2d;
import org.jmoco.tensor.ops.pool.MaxPool2dGradient;
import org.jmoco.tensor.ops.pool.Pooling;
import org.jmoco.tensor.ops.random.AdvanceRandom;
import org.jmoco.tensor.ops.random.Dropout;
import org.jmoco.tensor.ops.random.RandomNormal;
import org.jmoco.tensor.ops.random.RandomUniform;
import org.jmoco.tensor.ops.reduce.ArgMax;
import org.jmoco.tensor.ops.reduce.Max;
import org.jmoco.tensor.ops.reduce.Sum;
import org.jmoco.tensor.ops.reduce.TopK;
import org.jmoco.tensor.ops.shape.BroadcastTo;
import org.jmoco.tensor.ops.shape.Cast;
import org.jmoco.tensor.ops.shape.Concat;
import org.jmoco.tensor.ops.shape.ConcatLeading;
import org.jmoco.tensor.ops.shape.Copy;
import org.jmoco.tensor.ops.shape.GatherAlong;
import org.jmoco.tensor.ops.shape.GatherRows;
import org.jmoco.tensor.ops.shape.Pad;
import org.jmoco.tensor.ops.shape.Permute;
import org.jmoco.tensor.ops.shape.ScatterAddAlong;
import org.jmoco.tensor.ops.shape.ScatterAddRows;
import org.jmoco.tensor.ops.shape.Slice;
import org.jmoco.tensor.ops.shape.WriteSlice;
import org.jmoco.tensor.ops.update.MovingAverage;
import org.jmoco.tensor.ops.update.Pack;
import org.jmoco.tensor.ops.update.SgdUpdate;

/// An op with operands to try it on.
///
/// @param op       the op for operands of these shapes; most do not depend on them
/// @param operands what it is fed, if the user says nothing
record OpExample(Function<List<Shape>, Op> op, List<Operand> operands) {
    private static final float EPSILON = 1e-5f;
    private static final Shape MAPS = Shape.of(4, 56, 56, 64);
    private static final Shape CHANNELS = Shape.of(64);
    private static final Shape STATISTICS = Shape.of(2, 1, 64);
    private static final Shape LONG = Shape.of(1 << 20);

    private static final SequencedMap<String, OpExample> ALL = new LinkedHashMap<>();

    /// @param below what integers stay below
    record Operand(Shape shape, DType dtype, int below) {}

    static {
        convolutions();
        elementwise();
        normalisations();
        pools();
        images();
        put(new SigmoidCrossEntropy(), f(4_096, 256), f(4_096, 256));
        put(new SigmoidCrossEntropyGradient(), f(4_096, 256), f(4_096, 256), f(4_096, 256));
        put(new SoftmaxCrossEntropy(), f(64, 1000), i(2, 64));
        put(new SoftmaxCrossEntropyGradient(), f(64, 1000), i(2, 64), f(64));
        put(new AdvanceRandom(), i(9, 4));
        put(new Dropout(0.5f, 0), f(LONG), i(9, 4));
        put(new RandomNormal(LONG, 0), i(9, 4));
        put(new RandomUniform(LONG, 0), i(9, 4));
        put(new ArgMax(1), f(4_096, 256));
        put(new Max(1), f(4_096, 256));
        put(new Sum(0), f(4_096, 256));
        put(new TopK(5), f(256, 1_000));
        movements();
        put(new MovingAverage(0.999), f(LONG), f(LONG));
        put(
                "pack",
                in -> new Pack(
                        List.of(0, Math.toIntExact(in.get(0).size())),
                        Math.toIntExact(in.get(0).size() + in.get(1).size())),
                f(3, 3, 64, 64),
                f(64));
        put(new SgdUpdate(0.9f, 1e-4f, false), f(1 << 21), f(LONG), f());
    }

    private static void convolutions() {
        put("conv2d", in -> same(in.get(1)), f(MAPS), f(3, 3, 64, 64));
        put(
                "conv2dInputGradient",
                in -> new Conv2dInputGradient(
                        same(in.get(1)), in.get(0).with(3, in.get(1).dim(2))),
                f(MAPS),
                f(3, 3, 64, 64));
        put(
                "conv2dWeightGradient",
                in -> new Conv2dWeightGradient(
                        Conv2d.of(1, 1),
                        Shape.of(3, 3, in.get(0).dim(3), in.get(1).dim(3))),
                f(MAPS),
                f(MAPS));
        put(new MatMul(false, false), f(512, 512), f(512, 512));
    }

    /// Maps as large as the images.
    private static Conv2d same(Shape weight) {
        return Conv2d.of(1, weight.rank() == 4 ? weight.dim(0) / 2 : 0);
    }

    private static void elementwise() {
        for (Op op : List.of(
                new Add(),
                new Subtract(),
                new Multiply(),
                new Divide(),
                new Maximum(),
                new Compare(Compare.Relation.GREATER),
                new ReluGradient())) {
            put(op, f(MAPS), f(MAPS));
        }
        for (Op op : List.of(new Relu(), new Exp(), new Log(), new Sqrt())) {
            put(op, f(MAPS));
        }
        put(new AddModulo(64, 1_024), i(1_024, 1));
        put(new AddReluGradient(), f(MAPS), f(MAPS), f(MAPS));
        put(
                new NormalizeImage(List.of(0.485f, 0.456f, 0.406f), List.of(0.229f, 0.224f, 0.225f)),
                new Operand(Shape.of(4, 224, 224, 3), DType.U8, 256));
    }

    private static void normalisations() {
        BatchGroups whole = BatchGroups.WHOLE;
        put(new BatchNormStatistics(whole), f(MAPS));
        put(new BatchNorm(whole, EPSILON, true), f(MAPS), f(CHANNELS), f(CHANNELS), f(STATISTICS));
        put(new BatchNormGradientSums(whole, EPSILON, true), f(MAPS), f(MAPS), f(STATISTICS), f(MAPS));
        put(
                new BatchNormInputGradient(whole, EPSILON, true),
                f(MAPS),
                f(MAPS),
                f(CHANNELS),
                f(STATISTICS),
                f(STATISTICS),
                f(MAPS));
        put(new BatchNormInference(EPSILON, true), f(MAPS), f(CHANNELS), f(CHANNELS), f(CHANNELS), f(CHANNELS));
        put(new L2Normalize(EPSILON), f(256, 128));
        put(new L2NormalizeGradient(EPSILON), f(256, 128), f(256, 128), f(256, 128));
    }

    private static void pools() {
        Pooling stem = new Pooling(3, 2, 1);
        Pooling halves = new Pooling(2, 2, 0);
        AdaptiveAvgPool2d global = new AdaptiveAvgPool2d(1, 1);
        put(new MaxPool2d(stem), f(4, 112, 112, 64));
        put(new MaxPool2dGradient(stem), f(4, 112, 112, 64), f(MAPS));
        put(new AvgPool2d(halves), f(MAPS));
        put(
                "avgPool2dGradient",
                in -> new AvgPool2dGradient(
                        halves,
                        Shape.of(
                                in.get(0).dim(0),
                                2 * in.get(0).dim(1),
                                2 * in.get(0).dim(2),
                                in.get(0).dim(3))),
                f(4, 28, 28, 64));
        put(global, f(4, 7, 7, 2048));
        put(
                "adaptiveAvgPool2dGradient",
                in -> new AdaptiveAvgPool2dGradient(global, in.get(0).with(1, 7).with(2, 7)),
                f(4, 1, 1, 2048));
    }

    private static void images() {
        ResizeBilinear twice = new ResizeBilinear(112, 112, false);
        RoiAlign align = new RoiAlign(7, List.of(1 / 16f), 2, true);
        put(twice, f(MAPS));
        put(
                "resizeBilinearGradient",
                in -> new ResizeBilinearGradient(twice, in.get(0).with(1, 56).with(2, 56)),
                f(4, 112, 112, 64));
        put(align, f(MAPS), f(512, 4), i(4, 512), i(1, 512));
        put(
                "roiAlignGradient",
                in -> new RoiAlignGradient(align, 0, MAPS.with(3, in.get(0).dim(3))),
                f(512, 7, 7, 64),
                f(512, 4),
                i(4, 512),
                i(1, 512));
        put(new ZeroOutside(), f(MAPS), i(57, 4, 2));
    }

    private static void movements() {
        put("broadcastTo", in -> new BroadcastTo(in.get(0).with(0, 4_096)), f(1, 256));
        put(new Cast(DType.I32), f(LONG));
        put(new Concat(1), f(256, 64), f(256, 64));
        put(new ConcatLeading(0), f(256, 64), f(256, 64));
        put(new Copy(), f(LONG));
        put(new GatherAlong(1), f(256, 1_000), i(1_000, 256, 5));
        put(new GatherRows(), f(256, 128), i(256, 256));
        put(new Pad(1, 1, 1), f(MAPS));
        put(new Permute(List.of(0, 3, 1, 2)), f(MAPS));
        put(new ScatterAddAlong(1, 1_000), f(256, 5), i(1_000, 256, 5));
        put(new ScatterAddRows(256), f(256, 128), i(256, 256));
        put(new Slice(1, 1, 28), f(MAPS));
        put(new WriteSlice(), f(65_536, 128), f(256, 128), i(64));
    }

    private static void put(Op op, Operand... operands) {
        put(op.name(), in -> op, operands);
    }

    private static void put(String name, Function<List<Shape>, Op> op, Operand... operands) {
        ALL.put(name, new OpExample(op, List.of(operands)));
    }

    private static Operand f(int... shape) {
        return f(Shape.of(shape));
    }

    private static Operand f(Shape shape) {
        return new Operand(shape, DType.F32, 0);
    }

    private static Operand i(int below, int... shape) {
        return new Operand(Shape.of(shape), DType.I32, below);
    }

    /// Every op that has kernels, by its name.
    static SequencedMap<String, OpExample> all() {
        return Collections.unmodifiableSequencedMap(ALL);
    }

    /// The op applied to operands of the example's shapes.
    Tensor on(Tensor... in) {
        return op.apply(Arrays.stream(in).map(Tensor::shape).toList()).on(in);
    }

    /// The same on other operands.
    ///
    /// @param text extents with `x` between them, operands with commas: `8x28x28x128,3x3x128x128`
    /// @throws IllegalArgumentException if there are not as many operands, or it is none
    OpExample on(String text) {
        List<Shape> shapes =
                Arrays.stream(text.split(",", -1)).map(OpExample::shape).toList();
        if (shapes.size() != operands.size()) {
            throw new IllegalArgumentException("expected " + operands.size()
                    + (operands.size() == 1 ? " shape" : " shapes") + ", such as " + text() + ", got " + text);
        }
        return new OpExample(
                op,
                IntStream.range(0, shapes.size())
                        .mapToObj(k -> new Operand(
                                shapes.get(k),
                                operands.get(k).dtype(),
                                operands.get(k).below()))
                        .toList());
    }

    private static Shape shape(String text) {
        if (!text.matches("(\\d{1,9}(x\\d{1,9})*)?")) {
            throw new IllegalArgumentException("expected extents such as 8x28x28x128, got " + text);
        }
        return text.isEmpty()
                ? Shape.of()
                : Shape.of(Arrays.stream(text.split("x", -1))
                        .mapToInt(Integer::parseInt)
                        .toArray());
    }

    /// The shapes of the operands as [#on(String)] takes them.
    String text() {
        return String.join(
                ",",
                operands.stream()
                        .map(o -> String.join(
                                "x",
                                IntStream.range(0, o.shape().rank())
                                        .mapToObj(
                                                a -> Integer.toString(o.shape().dim(a)))
                                        .toList()))
                        .toList());
    }
}
