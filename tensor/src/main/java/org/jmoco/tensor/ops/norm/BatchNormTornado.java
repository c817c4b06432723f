package org.jmoco.tensor.ops.norm;

import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.TornadoKernel;
import org.jmoco.tensor.plan.Areas;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

final class BatchNormTornado implements TornadoKernel<BatchNorm> {
    @Override
    public void emit(BatchNorm op, Args a, Launches gpu) {
        if (a.size() > 0) {
            gpu.launch(
                    "norm.batchNorm",
                    BatchNormTornado::perStrip,
                    GroupRowsTornado.strips(op.groups(), a.shape(0), gpu),
                    a.arenas(0, 4),
                    GroupRowsTornado.stripBlock(
                            op.groups(),
                            a.shape(0),
                            gpu,
                            a.in(0),
                            a.in(1),
                            a.in(2),
                            a.in(3),
                            a.operands() > 4 ? a.in(4) : -1,
                            a.out(),
                            op.relu() ? 1 : 0,
                            gpu.constant(op.epsilon())));
        }
    }

    @Override
    public boolean anywhere(BatchNorm op, int operand) {
        return operand == 0 || operand == 4 || operand == Areas.RESULT;
    }

    /// A thread goes through rows of one channel, four at a time: their elements are read before the first result is
    /// written, for behind a write a driver would wait for each read in turn.
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
        int residual = arg.get(4);
        int relu = arg.get(6);
        int channels = arg.get(8);
        int perSample = arg.get(9);
        int groupRows = arg.get(10);
        int apart = arg.get(11);
        int group = c.groupIdz;
        int channel = c.groupIdx * 32 + (c.localIdx & 31);
        int strip = arg.get(15);
        int from = c.groupIdy * strip;
        int end = from + strip < groupRows ? from + strip : groupRows;
        int to = channel < channels ? end : 0;
        int known = channel < channels ? channel : 0;
        int moments = arg.get(3) + group * channels + known;
        float mean = mem.get(moments);
        float deviation = TornadoMath.sqrt(mem.get(moments + arg.get(13) * channels) + mem.get(arg.get(7)));
        float scale = mem.get(arg.get(1) + known) / deviation;
        float shift = mem.get(arg.get(2) + known);
        int x = arg.get(0) + known;
        int y = arg.get(5) + known;
        int r0 = from + (c.localIdx >> 5);
        int sample = r0 / perSample;
        int row = r0 - sample * perSample;
        int first = group * arg.get(12);
        for (int r = r0; r < to; r += 32) {
            for (int q = 0; q < 4; q++) {
                int place = ((sample * apart + first) * perSample + row) * channels;
                at[q] = r + 8 * q < to ? place : at[0];
                row += 8;
                while (row >= perSample) {
                    row -= perSample;
                    sample++;
                }
            }
            for (int q = 0; q < 4; q++) {
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
                if (r + 8 * q < to) {
                    result.set(y + at[q], relu == 1 ? bounded : number);
                }
            }
        }
    }
}
