package org.jmoco.tensor.backend.jvm.products;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Kernels work on addresses: what does not lie inside its memory is refused before one runs.
class OperandBoundsTest {
    private static final int ROWS = 5;
    private static final int DEPTH = 7;

    static MicroKernel[] kernels() {
        return Kernels.best();
    }

    private static MemorySegment floats(long count) {
        return Arena.ofAuto().allocate(4 * count, 64);
    }

    private static void multiply(MicroKernel kernel, Left left, Right right, Rows start, Rows c) {
        Panels.multiply(kernel, left, ROWS, right, start, c);
    }

    private static Left left(long floats, long at, int... runs) {
        return new Left(floats(floats), at, Rows.multiples(ROWS, 2 * DEPTH), runs, DEPTH, 1);
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void operandsThatJustFitAreTaken(MicroKernel kernel) {
        int columns = kernel.columns();
        int size = ROWS * columns;
        MemorySegment c = floats(size);
        Rows rows = Rows.of(c, 0, columns, ROWS);
        Right right = new Right(floats(2L * DEPTH * columns), 0, columns);
        multiply(kernel, left(ROWS * 2 * DEPTH, 0, 0, DEPTH), right, Rows.zeros(ROWS), rows);
        assertEquals(0, c.getAtIndex(ValueLayout.JAVA_FLOAT, size - 1));
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void operandsThatDoNotFitAreRefused(MicroKernel kernel) {
        int columns = kernel.columns();
        int size = ROWS * columns;
        Rows c = Rows.of(floats(size), 0, columns, ROWS);
        Rows zeros = Rows.zeros(ROWS);
        Left left = left(ROWS * 2 * DEPTH, 0, 0, DEPTH);
        Right right = new Right(floats(2L * DEPTH * columns), 0, columns);
        Class<IndexOutOfBoundsException> refused = IndexOutOfBoundsException.class;
        assertThrows(refused, () -> left(ROWS * 2 * DEPTH - 1, 0, 0, DEPTH));
        assertThrows(refused, () -> left(ROWS * 2 * DEPTH, 1, 0, DEPTH));
        assertThrows(refused, () -> left(ROWS * 2 * DEPTH, 0, -1));
        Right shorter = new Right(floats(2L * DEPTH * columns - 1), 0, columns);
        assertThrows(refused, () -> multiply(kernel, left, shorter, zeros, c));
        Right before = new Right(floats(2L * DEPTH * columns), -1, columns);
        assertThrows(refused, () -> multiply(kernel, left, before, zeros, c));
        Rows beyond = Rows.of(floats(size), 1, columns, ROWS);
        assertThrows(refused, () -> multiply(kernel, left, right, zeros, beyond));
        assertThrows(refused, () -> multiply(kernel, left, right, beyond, c));
        Rows outside = Rows.of(floats(size), -1, columns, ROWS);
        assertThrows(refused, () -> multiply(kernel, left, right, zeros, outside));
    }

    @Test
    void rowsTooFarApartAreRefused() {
        int[] rows = {0, 1 << 29};
        assertThrows(IllegalArgumentException.class, () -> new Left(floats(16), 0, rows, Left.ONE_RUN, 1, 1));
    }

    @Test
    void memoryThatWasGivenBackIsRefused() {
        MemorySegment gone;
        try (Arena arena = Arena.ofShared()) {
            gone = arena.allocate(4L * 64, 64);
        }
        assertThrows(IllegalStateException.class, () -> new Left(gone, 0, Rows.multiples(1, 1), Left.ONE_RUN, 1, 1));
        assertThrows(IllegalStateException.class, () -> new Right(gone, 0, 1));
        assertThrows(IllegalStateException.class, () -> Rows.of(gone, 0, 1, 1));
    }
}
