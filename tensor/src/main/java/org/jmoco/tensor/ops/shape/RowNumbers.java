package org.jmoco.tensor.ops.shape;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;

/// What ops that address rows by number have in common: their operands' form, and the check of the numbers when
/// the program runs.
final class RowNumbers {
    private RowNumbers() {}

    static Shape requireRows(String op, Shape x) {
        if (x.rank() == 0) {
            throw new ShapeException(op + ": a scalar has no rows");
        }
        return x;
    }

    static int requireNumbers(String op, Shape rows) {
        return rows.requireRank(1, op, "row numbers [m]").dim(0);
    }

    /// @return the type of the values
    static DType requireIntegers(String op, DType values, DType rows) {
        if (rows != DType.I32) {
            throw new ShapeException(op + ": row numbers and positions must be I32, got " + rows);
        }
        return values;
    }

    /// Row number `i`.
    ///
    /// @throws IndexOutOfBoundsException naming the op, if it is not in `[0, n)`
    static int at(String op, MemorySegment rows, long i, int n) {
        int row = rows.getAtIndex(ValueLayout.JAVA_INT, i);
        if (row < 0 || row >= n) {
            throw new IndexOutOfBoundsException(op + ": number " + i + " is " + row + ", expected 0 to " + (n - 1));
        }
        return row;
    }
}
