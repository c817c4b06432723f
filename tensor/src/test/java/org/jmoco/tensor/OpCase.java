package org.jmoco.tensor;

import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jmoco.tensor.random.Philox;

/// One case of the conformance suite: a function of a few tensors, and what it is fed.
///
/// @param name     what is special about the case
/// @param function the ops under test
/// @param inputs   what is fed
/// @param bound    how far the result may lie from float64
public record OpCase(String name, Function<Tensor[], Tensor> function, List<Input> inputs, Bound bound) {

    /// What an input is filled with.
    public enum Fill {
        /// Standard normal floats; differentiated.
        NORMAL,
        /// Floats in `[0.5, 2)`; differentiated.
        POSITIVE,
        /// Standard normal floats that the gradient is not asked for, such as running statistics.
        CONSTANT,
        /// Integers in `[0, below)`.
        INTEGERS,
        /// A permutation of `0 … n−1`.
        PERMUTATION,
        /// Bytes of 0 to 255.
        BYTES
    }

    /// One input.
    public record Input(Shape shape, Fill fill, int below) {
        DType dtype() {
            return switch (fill) {
                case NORMAL, POSITIVE, CONSTANT -> DType.F32;
                case INTEGERS, PERMUTATION -> DType.I32;
                case BYTES -> DType.U8;
            };
        }

        boolean differentiable() {
            return fill == Fill.NORMAL || fill == Fill.POSITIVE;
        }

        double[] values(Philox draws) {
            int n = Math.toIntExact(shape.size());
            double[] values = new double[n];
            int[] permutation = draws.permutation(fill == Fill.PERMUTATION ? n : 0);
            for (int i = 0; i < n; i++) {
                values[i] = switch (fill) {
                    case NORMAL, CONSTANT -> (float) draws.nextNormal();
                    case POSITIVE -> (float) draws.uniform(0.5, 2);
                    case INTEGERS -> draws.below(below);
                    case BYTES -> draws.below(256);
                    case PERMUTATION -> permutation[i];
                };
            }
            return values;
        }
    }

    /// How far a float32 result may lie from float64.
    ///
    /// @param relativeL2 ‖error‖₂ / ‖reference‖₂
    /// @param perProduct if above 0, the function is linear in each input and each error is at most
    ///     `perProduct · 2⁻²⁴ · f(|inputs|)`, where f(|inputs|) = Σ|x·w|
    public record Bound(double relativeL2, double perProduct) {
        /// A few roundings an element.
        public static final Bound ROUNDING = new Bound(1e-6, 0);
        /// Matrix products and direct convolutions.
        public static final Bound PRODUCT = new Bound(3e-6, 16);
        /// Winograd convolutions.
        public static final Bound WINOGRAD = new Bound(1e-5, 128);
        /// Nothing is computed, only moved.
        public static final Bound EXACT = new Bound(0, 0);
    }

    /// A case of float inputs with the bound of a few roundings.
    public static OpCase of(String name, Function<Tensor[], Tensor> function, Shape... shapes) {
        return new OpCase(
                name,
                function,
                Stream.of(shapes).map(s -> new Input(s, Fill.NORMAL, 0)).toList(),
                Bound.ROUNDING);
    }

    /// A case of one float input.
    public static OpCase unary(String name, Function<Tensor, Tensor> function, Shape shape) {
        return of(name, in -> function.apply(in[0]), shape);
    }

    /// This case with another bound.
    public OpCase within(Bound other) {
        return new OpCase(name, function, inputs, other);
    }

    /// This case with input `i` filled otherwise.
    public OpCase fill(int i, Fill fill) {
        return fill(i, fill, 0);
    }

    /// This case with input `i` filled otherwise.
    public OpCase fill(int i, Fill fill, int below) {
        return new OpCase(
                name,
                function,
                IntStream.range(0, inputs.size())
                        .mapToObj(k -> k == i ? new Input(inputs.get(k).shape(), fill, below) : inputs.get(k))
                        .toList(),
                bound);
    }

    @Override
    public String toString() {
        return name;
    }
}
