package org.jmoco.tensor.ops.norm;

import org.jmoco.tensor.Shape;
import org.jmoco.tensor.backend.tornado.Grid;
import org.jmoco.tensor.backend.tornado.Launches;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
/// Which rows `[…, c]` of a batch belong to a group, as kernels count them. A work-group takes 32 channels of
/// [#CHUNK] rows of a group: 8 rows of threads, 32 threads a row.
///
/// The last numbers of an argument block: channels, rows of a sample, rows of a group, sample stride within a
/// group, sample stride between groups, groups, chunks of a group.

final class GroupRowsTornado {
    /// Rows that one work-group sums up.
    static final int CHUNK = 512;

    /// Rows that one work-group goes through where each element is computed by itself, 16 of them a thread; more where
    /// a grid cannot hold so many work-groups.
    private static final int STRIP = 128;

    private GroupRowsTornado() {}

    /// Chunks of a group.
    static int chunks(BatchGroups groups, Shape x) {
        return (groupRows(groups, x) + CHUNK - 1) / CHUNK;
    }

    static int groupRows(BatchGroups groups, Shape x) {
        return Math.toIntExact(groups.samples(x.dim(0)) * x.size(1, x.rank() - 1));
    }

    /// One work-group for every 32 channels of every chunk of every group.
    static Grid grid(BatchGroups groups, Shape x) {
        return new Grid((x.dim(-1) + 31) / 32, chunks(groups, x), groups.count(), Grid.GROUP, 1);
    }

    /// Rows of a strip.
    static int strip(int groupRows, Launches gpu) {
        return STRIP * Math.max(1, Math.ceilDiv(groupRows, gpu.mostRows(STRIP)));
    }

    /// One work-group for every 32 channels of every strip of every group.
    static Grid strips(BatchGroups groups, Shape x, Launches gpu) {
        int rows = groupRows(groups, x);
        return strips(x.dim(-1), rows, groups.count(), strip(rows, gpu));
    }

    static Grid strips(int channels, int groupRows, int groups, int strip) {
        return new Grid((channels + 31) / 32, Math.max(1, Math.ceilDiv(groupRows, strip)), groups, Grid.GROUP, 1);
    }

    /// An argument block that begins with `first`, and the rows of a strip behind it.
    static int[] stripBlock(BatchGroups groups, Shape x, Launches gpu, int... first) {
        int[] block = block(groups, x, first);
        int[] longer = java.util.Arrays.copyOf(block, block.length + 1);
        longer[block.length] = strip(groupRows(groups, x), gpu);
        return longer;
    }

    /// An argument block that begins with `first`.
    static int[] block(BatchGroups groups, Shape x, int... first) {
        boolean contiguous = groups.order() == BatchGroups.Order.CONTIGUOUS;
        int[] block = java.util.Arrays.copyOf(first, first.length + 7);
        int at = first.length;
        block[at] = x.dim(-1);
        block[at + 1] = Math.toIntExact(x.size(1, x.rank() - 1));
        block[at + 2] = groupRows(groups, x);
        block[at + 3] = contiguous ? 1 : groups.count();
        block[at + 4] = contiguous ? groups.samples(x.dim(0)) : 1;
        block[at + 5] = groups.count();
        block[at + 6] = chunks(groups, x);
        return block;
    }

    /// The row in the batch of row `r` of a group; the numbers above begin at `arg[at]`. Where a group's samples
    /// follow each other nothing is divided: GPUs take dozens of instructions for it.
    static int row(IntArray arg, int at, int group, int r) {
        int perSample = arg.get(at + 1);
        if (arg.get(at + 3) == 1) {
            return group * arg.get(at + 4) * perSample + r;
        }
        return (r / perSample * arg.get(at + 3) + group * arg.get(at + 4)) * perSample + r % perSample;
    }

    /// Adds up the 8 rows of threads of a work-group; the sum of a channel is in each of its threads.
    static float perChannel(KernelContext c, float value) {
        float[] buffer = c.allocateFloatLocalArray(256);
        int t = c.localIdx;
        buffer[t] = value;
        for (int half = 128; half >= 32; half = half >> 1) {
            c.localBarrier();
            if (t < half) {
                buffer[t] = buffer[t] + buffer[t + half];
            }
        }
        c.localBarrier();
        return buffer[t & 31];
    }
}
