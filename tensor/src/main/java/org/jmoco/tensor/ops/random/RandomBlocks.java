package org.jmoco.tensor.ops.random;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.random.Philox;

/// The random words of one op: what the kernels share.
final class RandomBlocks {
    /// Words of a block; chunks of work are multiples of it.
    static final int WORDS = 4;

    private final long seed;
    private final int stream;
    private final int stepLow;
    private final int stepHigh;

    RandomBlocks(MemorySegment state, int stream) {
        this.seed = state.getAtIndex(ValueLayout.JAVA_INT, 0) & 0xFFFFFFFFL
                | (long) state.getAtIndex(ValueLayout.JAVA_INT, 1) << 32;
        this.stream = stream;
        this.stepLow = state.getAtIndex(ValueLayout.JAVA_INT, 2);
        this.stepHigh = state.getAtIndex(ValueLayout.JAVA_INT, 3);
    }

    static void requireState(String op, Shape state) {
        if (!state.equals(Shape.of(4))) {
            throw new ShapeException(op + ": expected the state of a RandomState, [4], got " + state);
        }
    }

    static void requireState(String op, DType state) {
        if (state != DType.I32) {
            throw new ShapeException(op + ": expected the state of a RandomState, I32, got " + state);
        }
    }

    /// The words of the block that element `element` belongs to.
    void draw(long element, int... words) {
        Philox.block(seed, (int) (element / WORDS), stream, stepLow, stepHigh, words, 0);
    }
}
