package org.jmoco.nn.processes;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// A slice of some memory for each process: where it begins and how long it is, counted in rows of so many bytes.
///
/// Slices need not touch each other, and may be empty. Their order in memory is free.
public final class Slices {
    private final long rowBytes;
    private final long[] starts;
    private final long[] sizes;

    private Slices(long rowBytes, long[] starts, long[] sizes) {
        this.rowBytes = rowBytes;
        this.starts = starts;
        this.sizes = sizes;
        if (rowBytes < 1) {
            throw new IllegalArgumentException("slices: rows must have at least 1 byte, got " + rowBytes);
        }
        for (int p = 0; p < starts.length; p++) {
            if (starts[p] < 0 || sizes[p] < 0) {
                throw new IllegalArgumentException("slices: process " + p + " has " + sizes[p] + " rows from row "
                        + starts[p] + ", neither may be below 0");
            }
            Math.multiplyExact(Math.addExact(starts[p], sizes[p]), rowBytes);
        }
    }

    /// Slices that follow each other, as nearly equal as can be: where `rows` is no multiple of `count`, the first
    /// ones have a row more.
    public static Slices even(int count, long rows, long rowBytes) {
        long[] sizes = new long[count];
        for (int p = 0; p < count; p++) {
            sizes[p] = rows / count + (p < rows % count ? 1 : 0);
        }
        return adjacent(rowBytes, sizes);
    }

    /// Slices of these sizes that follow each other from the start of the memory, in rows.
    public static Slices adjacent(long rowBytes, long... sizes) {
        long[] starts = new long[sizes.length];
        for (int p = 1; p < sizes.length; p++) {
            starts[p] = Math.addExact(starts[p - 1], sizes[p - 1]);
        }
        return new Slices(rowBytes, starts, sizes.clone());
    }

    /// Of each slice the rows `from` … `from + rows − 1`, as far as it has them.
    public Slices part(long from, long rows) {
        long[] partStarts = new long[starts.length];
        long[] partSizes = new long[starts.length];
        for (int p = 0; p < starts.length; p++) {
            long skipped = Math.min(from, sizes[p]);
            partStarts[p] = starts[p] + skipped;
            partSizes[p] = Math.min(rows, sizes[p] - skipped);
        }
        return new Slices(rowBytes, partStarts, partSizes);
    }

    /// The same without that of a process, which keeps its place and becomes empty.
    public Slices without(int process) {
        long[] others = sizes.clone();
        others[process] = 0;
        return new Slices(rowBytes, starts, others);
    }

    /// A process's slice of that memory.
    public MemorySegment of(MemorySegment memory, int process) {
        return memory.asSlice(startByte(process), bytes(process));
    }

    /// For how many processes.
    public int count() {
        return starts.length;
    }

    /// Bytes a row.
    public long rowBytes() {
        return rowBytes;
    }

    /// First row of a process's slice.
    public long start(int process) {
        return starts[process];
    }

    /// Rows of a process's slice.
    public long size(int process) {
        return sizes[process];
    }

    /// Rows of the largest slice.
    public long largest() {
        return Arrays.stream(sizes).max().orElse(0);
    }

    /// First byte of a process's slice.
    public long startByte(int process) {
        return starts[process] * rowBytes;
    }

    /// Bytes of a process's slice.
    public long bytes(int process) {
        return sizes[process] * rowBytes;
    }

    /// Bytes that memory must have to hold every slice.
    public long extent() {
        long end = 0;
        for (int p = 0; p < starts.length; p++) {
            end = sizes[p] == 0 ? end : Math.max(end, startByte(p) + bytes(p));
        }
        return end;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("rows of " + rowBytes + " bytes:");
        for (int p = 0; p < starts.length; p++) {
            text.append(' ').append(starts[p]).append('+').append(sizes[p]);
        }
        return text.toString();
    }
}
