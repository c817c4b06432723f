package org.jmoco.tensor;

import java.util.List;

/// What a node of the graph computes: its meaning, its shape rule and its gradient.
///
/// An op is a record whose components are the op's attributes (strides, epsilon, axes). Two ops are the same op if
/// they are equal, which is how compiled programs are cached, so components compare by value: numbers, enums,
/// lists, shapes; never arrays.
///
/// Beside `ops/family/Name.java` stand its kernels: `NameJvm` for the JVM backend and `NameTornado` for TornadoVM.
/// Backends find them by that name; there is no table to keep.
public interface Op {
    /// The output's shape for these operands.
    ///
    /// @throws ShapeException in words a user understands, if the operands do not fit
    Shape shapeOf(Shape... in);

    /// The output's element type; by default everything is [DType#F32].
    default DType typeOf(DType... in) {
        for (int i = 0; i < in.length; i++) {
            if (in[i] != DType.F32) {
                throw new ShapeException(
                        name() + ": operand " + i + " is " + in[i] + ", expected F32; use cast(DType.F32)");
            }
        }
        return DType.F32;
    }

    /// The gradient of a scalar loss with respect to each operand, given `dy`, its gradient with respect to the
    /// output. Gradients are nodes of the same graph.
    ///
    /// @return one entry an operand; null where the operand has no gradient (integers, constants of the op) or
    ///     [Call#needs] says nobody wants it
    List<Tensor> gradient(Call call, Tensor dy);

    /// The op's name in messages, graphs and profiles: the record's name with a small first letter.
    default String name() {
        String simple = getClass().getSimpleName();
        return Character.toLowerCase(simple.charAt(0)) + simple.substring(1);
    }

    /// Floating-point operations of one call, for profiles; a multiply-add counts two. By default one an output
    /// element.
    default double flops(Shape out, Shape... in) {
        return out.size();
    }

    /// This op applied to `operands`, as a node of the graph.
    default Tensor on(Tensor... operands) {
        return Tensor.of(Node.of(this, operands));
    }

    /// The output is the operand's memory seen under another shape: nothing is computed.
    interface View extends Op {
        /// Where the output begins in the operand, in elements.
        long offset(Shape in);
    }

    /// The output may be written over operand `0` of the same shape, element by element, if nobody reads that
    /// operand afterwards.
    interface InPlace extends Op {}

    /// The operands lie one after another in the output. An operand that nobody needs elsewhere is computed right
    /// into its part of the output.
    interface Packed extends Op {
        /// Where operand `i` begins in the output, in elements.
        long offset(int i, Shape... in);
    }

    /// The result is a sum over the leading axis of all operands, as parameter gradients are over the samples of a
    /// batch: over a stretch of the samples the op gives that stretch's share.
    interface SampleSum extends Op {
        /// Whether it is one with these attributes.
        default boolean sumsSamples() {
            return true;
        }
    }

    /// Sums of products of its first two operands, linear in each: what a [Precision] is about. A third operand is
    /// added.
    interface Product extends Op {}

    /// An op of whose result every element is a number of bfloat16, so that a device may multiply it as such.
    interface Bfloat16 extends Op {}

    /// Computed exactly once in a run, in the same order as other such ops: it meets other processes, who wait
    /// for it.
    interface Once extends Op {}

    /// An op without a gradient: integers come out, or it is an update of state.
    interface NoGradient extends Op {
        @Override
        default List<Tensor> gradient(Call call, Tensor dy) {
            throw new IllegalStateException(
                    name() + " has no gradient; use stopGradient() on its input, or do not differentiate through it");
        }
    }
}
