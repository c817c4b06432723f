package org.jmoco.tensor.ops.norm;

import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.TornadoKernel;
import org.jmoco.tensor.plan.Areas;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

final class BatchNormInputGradientTornado implements TornadoKernel<BatchNormInputGradient> {
    @Override
    public void emit(BatchNormInputGradient op, Args a, Launches gpu) {
        if (a.size() > 0) {
            gpu.launch(
                    "norm.batchNormInputGradient",
                    BatchNormInputGradientTornado::perStrip,
                    GroupRowsTornado.strips(op.groups(), a.shape(1), gpu),
                    a.arenas(0, 1, 5),
                    GroupRowsTornado.stripBlock(
                            op.groups(),
                            a.shape(1),
                            gpu,
                            a.in(0),
                            a.in(1),
                            a.in(2),
                            a.in(3),
                            a.in(4),
                            op.relu() ? a.in(5) : -1,
                            a.out(),
                            gpu.constant(op.epsilon())));
        }
    }

    @Override
    public boolean anywhere(BatchNormInputGradient op, int operand) {
        return operand == 0 || operand == 1 || operand == 5 || operand == Areas.RESULT;
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
        float[] gradient = new float[4];
        float[] value = new float[4];
        float[] output = new float[4];
        int[] at = new int[4];
        int relu = arg.get(5);
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
        int all = arg.get(13) * channels;
        int ofGroup = group * channels + known;
        float m = (float) groupRows;
        float mean = mem.get(arg.get(3) + ofGroup);
        float deviation = TornadoMath.sqrt(mem.get(arg.get(3) + all + ofGroup) + mem.get(arg.get(7)));
        float scale = mem.get(arg.get(2) + known) / deviation;
        float shift = mem.get(arg.get(4) + ofGroup) / m;
        float slope = mem.get(arg.get(4) + all + ofGroup) / m / deviation;
        int dy = arg.get(0) + known;
        int x = arg.get(1) + known;
        int dx = arg.get(6) + known;
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
                gradient[q] = a.get(dy + at[q]);
                value[q] = b.get(x + at[q]);
                output[q] = 1f;
            }
            if (relu >= 0) {
                for (int q = 0; q < 4; q++) {
                    output[q] = e.get(relu + known + at[q]);
                }
            }
            for (int q = 0; q < 4; q++) {
                float g = output[q] > 0f ? gradient[q] : 0f;
                float inner = g - shift - (value[q] - mean) * slope;
                if (r + 8 * q < to) {
                    result.set(dx + at[q], scale * inner);
                }
            }
        }
    }
}
