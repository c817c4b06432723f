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

final class BatchNormTornado implements TornadoKernel<BatchNorm> {
    @Override
    public void emit(BatchNorm op, Args a, Launches gpu) {
        if (a.size() > 0) {
            gpu.launch(
                    "norm.batchNorm",
                    BatchNormTornado::perElement,
                    Grid.threads(a.size()),
                    a.arenas(0, 4),
                    GroupRowsTornado.block(
                            op.groups(),
                            a.shape(0),
                            a.in(0),
                            a.in(1),
                            a.in(2),
                            a.in(3),
                            a.operands() > 4 ? a.in(4) : -1,
                            a.out(),
                            a.size(),
                            op.relu() ? 1 : 0,
                            gpu.constant(op.epsilon())));
        }
    }

    @Override
    public boolean anywhere(BatchNorm op, int operand) {
        return operand == 0 || operand == 4 || operand == Areas.RESULT;
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
        if (i < arg.get(6)) {
            int channels = arg.get(9);
            int channel = i % channels;
            int group = GroupRowsTornado.group(arg, 9, i / channels);
            int at = arg.get(3) + group * channels + channel;
            float scale = mem.get(arg.get(1) + channel)
                    / TornadoMath.sqrt(mem.get(at + arg.get(14) * channels) + mem.get(arg.get(8)));
            float y = (a.get(arg.get(0) + i) - mem.get(at)) * scale + mem.get(arg.get(2) + channel);
            if (arg.get(4) >= 0) {
                y += b.get(arg.get(4) + i);
            }
            result.set(arg.get(5) + i, arg.get(7) == 1 && y < 0f ? 0f : y);
        }
    }
}
