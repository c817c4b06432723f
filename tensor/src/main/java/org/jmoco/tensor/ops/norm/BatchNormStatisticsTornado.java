package org.jmoco.tensor.ops.norm;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Grid;
import org.jmoco.tensor.backend.tornado.Groups;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.Profile;
import org.jmoco.tensor.backend.tornado.TornadoKernel;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
/// Each chunk of rows gives its sum and its squared deviations from its own mean (Chan, Golub and LeVeque 1983,
/// *Algorithms for computing the sample variance*); a second launch puts the chunks of a channel together.

final class BatchNormStatisticsTornado implements TornadoKernel<BatchNormStatistics> {
    @Override
    public long scratch(BatchNormStatistics op, Node call, Profile profile) {
        Shape x = call.input(0).shape();
        return 2L * op.groups().count() * GroupRowsTornado.chunks(op.groups(), x) * x.dim(-1);
    }

    @Override
    public void emit(BatchNormStatistics op, Args a, Launches gpu) {
        Shape x = a.shape(0);
        gpu.launch(
                "norm.chunkMoments",
                BatchNormStatisticsTornado::chunkMoments,
                GroupRowsTornado.grid(op.groups(), x),
                a.arenas(0),
                GroupRowsTornado.block(op.groups(), x, a.in(0), a.scratch()));
        gpu.launch(
                "norm.channelMoments",
                BatchNormStatisticsTornado::channelMoments,
                Grid.groups(op.groups().count() * x.dim(-1)),
                GroupRowsTornado.block(op.groups(), x, a.scratch(), a.out()));
    }

    @Override
    public boolean anywhere(BatchNormStatistics op, int operand) {
        return operand == 0;
    }

    static void chunkMoments(
            KernelContext c,
            FloatArray mem,
            FloatArray a,
            FloatArray b,
            FloatArray e,
            FloatArray result,
            IntArray ints,
            IntArray arg) {
        int channels = arg.get(2);
        int groupRows = arg.get(4);
        int chunks = arg.get(8);
        int group = c.groupIdz;
        int chunk = c.groupIdy;
        int lane = c.localIdx >> 5;
        int channel = c.groupIdx * 32 + (c.localIdx & 31);
        int column = channel < channels ? channel : channels - 1;
        int from = chunk * GroupRowsTornado.CHUNK;
        int to = from + GroupRowsTornado.CHUNK < groupRows ? from + GroupRowsTornado.CHUNK : groupRows;
        float sum = 0f;
        for (int r = from + lane; r < to; r += 8) {
            sum += a.get(arg.get(0) + GroupRowsTornado.row(arg, 2, group, r) * channels + column);
        }
        float total = GroupRowsTornado.perChannel(c, sum);
        float mean = total / (float) (to - from);
        float squares = 0f;
        for (int r = from + lane; r < to; r += 8) {
            float d = a.get(arg.get(0) + GroupRowsTornado.row(arg, 2, group, r) * channels + column) - mean;
            squares += d * d;
        }
        float deviations = GroupRowsTornado.perChannel(c, squares);
        if (lane == 0 && channel < channels) {
            int at = arg.get(1) + ((group * chunks + chunk) * 2) * channels + channel;
            result.set(at, total);
            result.set(at + channels, deviations);
        }
    }

    static void channelMoments(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int channels = arg.get(2);
        int groupRows = arg.get(4);
        int groups = arg.get(7);
        int chunks = arg.get(8);
        int group = c.groupIdx / channels;
        int channel = c.groupIdx % channels;
        int base = arg.get(0) + group * chunks * 2 * channels + channel;
        float sum = 0f;
        for (int k = c.localIdx; k < chunks; k += 256) {
            sum += mem.get(base + k * 2 * channels);
        }
        float mean = Groups.sum(c, sum) / (float) groupRows;
        float squares = 0f;
        for (int k = c.localIdx; k < chunks; k += 256) {
            int rows = (k + 1) * GroupRowsTornado.CHUNK < groupRows
                    ? GroupRowsTornado.CHUNK
                    : groupRows - k * GroupRowsTornado.CHUNK;
            float between = mem.get(base + k * 2 * channels) / (float) rows - mean;
            squares += mem.get(base + (k * 2 + 1) * channels) + (float) rows * (between * between);
        }
        float total = Groups.sum(c, squares);
        if (c.localIdx == 0) {
            mem.set(arg.get(1) + group * channels + channel, mean);
            mem.set(arg.get(1) + (groups + group) * channels + channel, total / (float) groupRows);
        }
    }
}
