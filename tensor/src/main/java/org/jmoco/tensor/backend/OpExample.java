package org.jmoco.tensor.backend;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;

/// An op with operands of a size that is usual for it, to try it on.
///
/// ```java
/// OpExample.of(new GatherRows()).floats(256, 128).integers(256, 256)
/// ```
///
/// @param op       the op for operands of these shapes; most do not depend on them
/// @param operands what it is fed, if nobody says anything else
public record OpExample(Function<List<Shape>, Op> op, List<Operand> operands) {
    /// One operand.
    ///
    /// @param below what integers stay below
    public record Operand(Shape shape, DType dtype, int below) {}

    /// An op, as yet without operands.
    public static OpExample of(Op op) {
        return of(shapes -> op);
    }

    /// An op that depends on the shapes of its operands.
    public static OpExample of(Function<List<Shape>, Op> op) {
        return new OpExample(op, List.of());
    }

    /// With one more operand, of floats.
    public OpExample floats(int... shape) {
        return with(new Operand(Shape.of(shape), DType.F32, 0));
    }

    /// With one more operand, of integers in `[0, below)`.
    public OpExample integers(int below, int... shape) {
        return with(new Operand(Shape.of(shape), DType.I32, below));
    }

    /// With one more operand, of bytes.
    public OpExample bytes(int... shape) {
        return with(new Operand(Shape.of(shape), DType.U8, 256));
    }

    private OpExample with(Operand operand) {
        return new OpExample(
                op, Stream.concat(operands.stream(), Stream.of(operand)).toList());
    }

    /// The op applied to operands of the example's shapes.
    public Tensor on(Tensor... in) {
        return op.apply(Arrays.stream(in).map(Tensor::shape).toList()).on(in);
    }

    /// The same on other operands.
    ///
    /// @param text extents with `x` between them, operands with commas: `8x28x28x128,3x3x128x128`
    /// @throws IllegalArgumentException if there are not as many operands, or it is none
    public OpExample on(String text) {
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
    public String text() {
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
