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
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

final class BatchNormGradientSumsTornado implements TornadoKernel<BatchNormGradientSums> {
    @Override
    public long scratch(BatchNormGradientSums op, Node call, Profile profile) {
        Shape x = call.input(0).shape();
        return 2L * op.groups().count() * GroupRowsTornado.chunks(op.groups(), x) * x.dim(-1);
    }

    @Override
    public void emit(BatchNormGradientSums op, Args a, Launches gpu) {
        Shape x = a.shape(1);
        gpu.launch(
                "norm.chunkGradientSums",
                BatchNormGradientSumsTornado::chunkGradientSums,
                GroupRowsTornado.grid(op.groups(), x),
                a.arenas(0, 1, 3),
                GroupRowsTornado.block(
                        op.groups(), x, a.in(0), a.in(1), a.in(2), op.relu() ? a.in(3) : -1, a.scratch()));
        gpu.launch(
                "norm.channelGradientSums",
                BatchNormGradientSumsTornado::channelGradientSums,
                Grid.groups(op.groups().count() * x.dim(-1)),
                GroupRowsTornado.block(op.groups(), x, a.scratch(), a.in(2), a.out(), gpu.constant(op.epsilon())));
    }

    @Override
    public boolean anywhere(BatchNormGradientSums op, int operand) {
        return operand == 0 || operand == 1 || operand == 3;
    }

    static void chunkGradientSums(
            KernelContext c,
            FloatArray mem,
            FloatArray a,
            FloatArray b,
            FloatArray e,
            FloatArray result,
            IntArray ints,
            IntArray arg) {
        int channels = arg.get(5);
        int groupRows = arg.get(7);
        int chunks = arg.get(11);
        int group = c.groupIdz;
        int chunk = c.groupIdy;
        int lane = c.localIdx >> 5;
        int channel = c.groupIdx * 32 + (c.localIdx & 31);
        int column = channel < channels ? channel : channels - 1;
        int from = chunk * GroupRowsTornado.CHUNK;
        int to = from + GroupRowsTornado.CHUNK < groupRows ? from + GroupRowsTornado.CHUNK : groupRows;
        float mean = mem.get(arg.get(2) + group * channels + column);
        float sum = 0f;
        float product = 0f;
        for (int r = from + lane; r < to; r += 8) {
            int at = GroupRowsTornado.row(arg, 5, group, r) * channels + column;
            float g = a.get(arg.get(0) + at);
            if (arg.get(3) >= 0) {
                g = e.get(arg.get(3) + at) > 0f ? g : 0f;
            }
            sum += g;
            product += g * (b.get(arg.get(1) + at) - mean);
        }
        float total = GroupRowsTornado.perChannel(c, sum);
        float products = GroupRowsTornado.perChannel(c, product);
        if (lane == 0 && channel < channels) {
            int at = arg.get(4) + ((group * chunks + chunk) * 2) * channels + channel;
            result.set(at, total);
            result.set(at + channels, products);
        }
    }

    static void channelGradientSums(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int channels = arg.get(4);
        int groups = arg.get(9);
        int chunks = arg.get(10);
        int group = c.groupIdx / channels;
        int channel = c.groupIdx % channels;
        int base = arg.get(0) + group * chunks * 2 * channels + channel;
        float sum = 0f;
        float product = 0f;
        for (int k = c.localIdx; k < chunks; k += 256) {
            sum += mem.get(base + k * 2 * channels);
            product += mem.get(base + (k * 2 + 1) * channels);
        }
        float total = Groups.sum(c, sum);
        float products = Groups.sum(c, product);
        if (c.localIdx == 0) {
            float deviation =
                    TornadoMath.sqrt(mem.get(arg.get(1) + (groups + group) * channels + channel) + mem.get(arg.get(3)));
            mem.set(arg.get(2) + group * channels + channel, total);
            mem.set(arg.get(2) + (groups + group) * channels + channel, products / deviation);
        }
    }
}
