package org.jmoco.tensor;

import java.lang.foreign.MemorySegment;
import java.util.List;

/// Where values come from: the inputs of a run, constants, and state.
public sealed interface Leaf extends Op {
    @Override
    default List<Tensor> gradient(Call call, Tensor dy) {
        return List.of();
    }

    @Override
    default double flops(Shape out, Shape... in) {
        return 0;
    }

    /// A value fed anew for every run.
    record Input(String label, Shape shape, DType dtype) implements Leaf {
        @Override
        public Shape shapeOf(Shape... in) {
            return shape;
        }

        @Override
        public DType typeOf(DType... in) {
            return dtype;
        }
    }

    /// A value known when it was traced. Constants are equal only if they are the same one: `data` compares by
    /// identity.
    record Constant(Shape shape, DType dtype, Data data) implements Leaf {
        @Override
        public Shape shapeOf(Shape... in) {
            return shape;
        }

        @Override
        public DType typeOf(DType... in) {
            return dtype;
        }
    }

    /// Little-endian, row-major elements of a constant.
    final class Data {
        private final MemorySegment segment;

        Data(MemorySegment segment) {
            this.segment = segment.asReadOnly();
        }

        public MemorySegment segment() {
            return segment;
        }
    }

    /// The value of a whole variable group at the start of the run, `[size]`.
    record Read(VariableGroup group) implements Leaf {
        @Override
        public Shape shapeOf(Shape... in) {
            return Shape.of(group.size());
        }

        @Override
        public DType typeOf(DType... in) {
            return group.dtype();
        }
    }
}
