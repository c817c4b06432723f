package org.jmoco.tensor.ops.norm;

import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.TornadoKernel;
import org.jmoco.tensor.plan.Areas;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

final class BatchNormInferenceTornado implements TornadoKernel<BatchNormInference> {
    /// The argument block: x, gamma, beta, mean, variance, residual or −1, y, elements, channels, 1 for a ReLU,
    /// epsilon, rows of a strip.
    @Override
    public void emit(BatchNormInference op, Args a, Launches gpu) {
        if (a.size() > 0) {
            int channels = a.outShape().dim(-1);
            int rows = a.size() / channels;
            int strip = GroupRowsTornado.strip(rows, gpu);
            gpu.launch(
                    "norm.batchNormInference",
                    BatchNormInferenceTornado::perStrip,
                    GroupRowsTornado.strips(channels, rows, 1, strip),
                    a.arenas(0, 5),
                    a.in(0),
                    a.in(1),
                    a.in(2),
                    a.in(3),
                    a.in(4),
                    a.operands() > 5 ? a.in(5) : -1,
                    a.out(),
                    a.size(),
                    channels,
                    op.relu() ? 1 : 0,
                    gpu.constant(op.epsilon()),
                    strip);
        }
    }

    @Override
    public boolean anywhere(BatchNormInference op, int operand) {
        return operand == 0 || operand == 5 || operand == Areas.RESULT;
    }

    /// As in [BatchNormTornado].
    static void perStrip(
            KernelContext c,
            FloatArray mem,
            FloatArray a,
            FloatArray b,
            FloatArray e,
            FloatArray result,
            IntArray ints,
            IntArray arg) {
        float[] value = new float[4];
        float[] added = new float[4];
        int[] at = new int[4];
        int residual = arg.get(5);
        int size = arg.get(7);
        int channels = arg.get(8);
        int relu = arg.get(9);
        int channel = c.groupIdx * 32 + (c.localIdx & 31);
        int strip = arg.get(11) * channels;
        int from = c.groupIdy * strip;
        int end = size - from > strip ? from + strip : size;
        int to = channel < channels ? end : 0;
        int known = channel < channels ? channel : 0;
        float mean = mem.get(arg.get(3) + known);
        float deviation = TornadoMath.sqrt(mem.get(arg.get(4) + known) + mem.get(arg.get(10)));
        float scale = mem.get(arg.get(1) + known) / deviation;
        float shift = mem.get(arg.get(2) + known);
        int x = arg.get(0) + known;
        int y = arg.get(6) + known;
        int pace = 8 * channels;
        for (int i = from + (c.localIdx >> 5) * channels; i < to; i += 4 * pace) {
            for (int q = 0; q < 4; q++) {
                at[q] = to - i > q * pace ? i + q * pace : i;
                value[q] = a.get(x + at[q]);
                added[q] = 0f;
            }
            if (residual >= 0) {
                for (int q = 0; q < 4; q++) {
                    added[q] = b.get(residual + known + at[q]);
                }
            }
            for (int q = 0; q < 4; q++) {
                float number = (value[q] - mean) * scale + shift + added[q];
                float bounded = number < 0f ? 0f : number;
                if (to - i > q * pace) {
                    result.set(y + at[q], relu == 1 ? bounded : number);
                }
            }
        }
    }
}
