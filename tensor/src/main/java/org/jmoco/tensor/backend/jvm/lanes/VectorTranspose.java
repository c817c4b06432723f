package org.jmoco.tensor.backend.jvm.lanes;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.jmoco.tensor.backend.jvm.runtime.OffHeap;
import org.jmoco.tensor.backend.jvm.runtime.Scratch;
import org.jmoco.tensor.backend.jvm.runtime.Vectors;

/// Transposes square blocks as wide as a vector: for d = 1, 2, 4, … each pair of rows d apart exchanges lanes,
/// until every bit of the row's number has changed places with that of the lane's (Eklundh, *A Fast Computer
/// Method for Matrix Transposing*, 1972). Two d are done at a time, so that a row is loaded and stored half as
/// often.
///
/// The indices are floats, because no vector of integers may be loaded here: see [VectorLanes].
final class VectorTranspose {
    private static final VectorSpecies<Float> SPECIES = Vectors.SPECIES;
    private static final int WIDTH = SPECIES.length();
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private VectorTranspose() {}

    /// The side of a block, or 0 if vectors have a width that is not provided for.
    static int side() {
        return WIDTH == 4 || WIDTH == 8 || WIDTH == 16 ? WIDTH : 0;
    }

    /// y[c, r] = x[r, c] for r < rows, c < columns, both multiples of [#side].
    static void run(
            MemorySegment x, long xAt, long xStride, int rows, int columns, MemorySegment y, long yAt, long yStride) {
        MemorySegment t = Scratch.floats(Scratch.Slot.TILE, (long) WIDTH * WIDTH);
        for (int r = 0; r < rows; r += WIDTH) {
            for (int c = 0; c < columns; c += WIDTH) {
                block(x, xAt + r * xStride + c, xStride, t, y, yAt + c * yStride + r, yStride);
            }
        }
    }

    private static void block(
            MemorySegment x, long xAt, long xStride, MemorySegment t, MemorySegment y, long yAt, long yStride) {
        if (WIDTH == 4) {
            exchangeFour(1, x, xAt, xStride, y, yAt, yStride);
        } else {
            exchangeFour(1, x, xAt, xStride, t, 0, WIDTH);
            if (WIDTH == 8) {
                exchangePairs(4, t, y, yAt, yStride);
            } else {
                exchangeFour(4, t, 0, WIDTH, y, yAt, yStride);
            }
        }
    }

    /// Exchanges between rows d and rows 2d apart.
    private static void exchangeFour(
            int d, MemorySegment from, long xAt, long xStride, MemorySegment to, long yAt, long yStride) {
        MemorySegment x = OffHeap.of(from);
        MemorySegment y = OffHeap.of(to);
        FloatVector upper = upper(d);
        FloatVector lower = lower(d);
        FloatVector upper2 = upper(2 * d);
        FloatVector lower2 = lower(2 * d);
        long xStep = d * xStride * 4;
        long yStep = d * yStride * 4;
        for (int i = 0; i < WIDTH / 4; i++) {
            int row = i / d * 4 * d + i % d;
            long source = (xAt + row * xStride) * 4;
            long target = (yAt + row * yStride) * 4;
            FloatVector a0 = FloatVector.fromMemorySegment(SPECIES, x, source, ORDER);
            FloatVector a1 = FloatVector.fromMemorySegment(SPECIES, x, source + xStep, ORDER);
            FloatVector a2 = FloatVector.fromMemorySegment(SPECIES, x, source + 2 * xStep, ORDER);
            FloatVector a3 = FloatVector.fromMemorySegment(SPECIES, x, source + 3 * xStep, ORDER);
            FloatVector b0 = upper.selectFrom(a0, a1);
            FloatVector b1 = lower.selectFrom(a0, a1);
            FloatVector b2 = upper.selectFrom(a2, a3);
            FloatVector b3 = lower.selectFrom(a2, a3);
            upper2.selectFrom(b0, b2).intoMemorySegment(y, target, ORDER);
            upper2.selectFrom(b1, b3).intoMemorySegment(y, target + yStep, ORDER);
            lower2.selectFrom(b0, b2).intoMemorySegment(y, target + 2 * yStep, ORDER);
            lower2.selectFrom(b1, b3).intoMemorySegment(y, target + 3 * yStep, ORDER);
        }
    }

    /// Exchanges between rows d apart.
    private static void exchangePairs(int d, MemorySegment x, MemorySegment y, long yAt, long yStride) {
        FloatVector upper = upper(d);
        FloatVector lower = lower(d);
        for (int i = 0; i < WIDTH / 2; i++) {
            int row = i / d * 2 * d + i % d;
            FloatVector a0 = FloatVector.fromMemorySegment(SPECIES, x, (long) row * WIDTH * 4, ORDER);
            FloatVector a1 = FloatVector.fromMemorySegment(SPECIES, x, (long) (row + d) * WIDTH * 4, ORDER);
            upper.selectFrom(a0, a1).intoMemorySegment(y, (yAt + row * yStride) * 4, ORDER);
            lower.selectFrom(a0, a1).intoMemorySegment(y, (yAt + (row + d) * yStride) * 4, ORDER);
        }
    }

    /// Which lanes of two rows the upper one keeps or gets: its own where bit d of the lane is 0, else those d
    /// before of the lower one.
    private static FloatVector upper(int d) {
        FloatVector lanes = lanes();
        return lanes.blend(lanes.add(WIDTH - d), second(d));
    }

    /// Likewise the lower one.
    private static FloatVector lower(int d) {
        FloatVector lanes = lanes();
        return lanes.add(d).blend(lanes.add(WIDTH), second(d));
    }

    private static VectorMask<Float> second(int d) {
        long lanes = 0;
        for (int lane = 0; lane < WIDTH; lane++) {
            lanes |= (lane & d) == 0 ? 0 : 1L << lane;
        }
        return VectorMask.fromLong(SPECIES, lanes);
    }

    private static FloatVector lanes() {
        return FloatVector.zero(SPECIES).addIndex(1);
    }
}
