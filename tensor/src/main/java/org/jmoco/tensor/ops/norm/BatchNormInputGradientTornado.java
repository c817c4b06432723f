package org.jmoco.tensor.ops.norm;

import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Grid;
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
                    BatchNormInputGradientTornado::perElement,
                    Grid.threads(a.size()),
                    a.arenas(0, 1, 5),
                    GroupRowsTornado.block(
                            op.groups(),
                            a.shape(1),
                            a.in(0),
                            a.in(1),
                            a.in(2),
                            a.in(3),
                            a.in(4),
                            op.relu() ? a.in(5) : -1,
                            a.out(),
                            a.size(),
                            gpu.constant(op.epsilon())));
        }
    }

    @Override
    public boolean anywhere(BatchNormInputGradient op, int operand) {
        return operand == 0 || operand == 1 || operand == 5 || operand == Areas.RESULT;
    }

    static void perElement(
            KernelContext c,
            FloatArray mem,
            FloatArray a,
            FloatArray b,
            FloatArray e,
            FloatArray result,
            IntArray ints,
            IntArray arg) {
        int i = c.globalIdx;
        if (i < arg.get(7)) {
            int channels = arg.get(9);
            int channel = i % channels;
            int all = arg.get(14) * channels;
            int at = GroupRowsTornado.group(arg, 9, i / channels) * channels + channel;
            float m = (float) arg.get(11);
            float deviation = TornadoMath.sqrt(mem.get(arg.get(3) + all + at) + mem.get(arg.get(8)));
            float g = a.get(arg.get(0) + i);
            if (arg.get(5) >= 0) {
                g = e.get(arg.get(5) + i) > 0f ? g : 0f;
            }
            float normalized = (b.get(arg.get(1) + i) - mem.get(arg.get(3) + at)) / deviation;
            float inner = g - mem.get(arg.get(4) + at) / m - normalized * (mem.get(arg.get(4) + all + at) / m);
            result.set(arg.get(6) + i, mem.get(arg.get(2) + channel) / deviation * inner);
        }
    }
}
