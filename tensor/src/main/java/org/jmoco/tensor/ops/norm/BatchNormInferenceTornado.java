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

final class BatchNormInferenceTornado implements TornadoKernel<BatchNormInference> {
    /// The argument block: x, gamma, beta, mean, variance, residual or −1, y, elements, channels, 1 for a ReLU,
    /// epsilon.
    @Override
    public void emit(BatchNormInference op, Args a, Launches gpu) {
        if (a.size() > 0) {
            gpu.launch(
                    "norm.batchNormInference",
                    BatchNormInferenceTornado::perElement,
                    Grid.threads(a.size()),
                    a.arenas(0, 5),
                    a.in(0),
                    a.in(1),
                    a.in(2),
                    a.in(3),
                    a.in(4),
                    a.operands() > 5 ? a.in(5) : -1,
                    a.out(),
                    a.size(),
                    a.outShape().dim(-1),
                    op.relu() ? 1 : 0,
                    gpu.constant(op.epsilon()));
        }
    }

    @Override
    public boolean anywhere(BatchNormInference op, int operand) {
        return operand == 0 || operand == 5 || operand == Areas.RESULT;
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
            int channel = i % arg.get(8);
            float scale = mem.get(arg.get(1) + channel)
                    / TornadoMath.sqrt(mem.get(arg.get(4) + channel) + mem.get(arg.get(10)));
            float y = (a.get(arg.get(0) + i) - mem.get(arg.get(3) + channel)) * scale + mem.get(arg.get(2) + channel);
            if (arg.get(5) >= 0) {
                y += b.get(arg.get(5) + i);
            }
            result.set(arg.get(6) + i, arg.get(9) == 1 && y < 0f ? 0f : y);
        }
    }
}
