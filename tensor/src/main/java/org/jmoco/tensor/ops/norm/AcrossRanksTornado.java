package org.jmoco.tensor.ops.norm;

import org.jmoco.tensor.Shape;
import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Grid;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.TornadoKernel;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/// One channel per device thread. Ranks of other processes would have to leave the device in the middle of a
/// program.
final class AcrossRanksTornado implements TornadoKernel<AcrossRanks> {
    @Override
    public void emit(AcrossRanks op, Args a, Launches gpu) {
        if (op.exchange().processes() != 1) {
            throw new IllegalStateException("acrossRanks: on TornadoVM all ranks are in one process, got "
                    + op.exchange().processes() + " processes");
        }
        Shape x = a.outShape();
        gpu.launch(
                "norm.acrossRanks",
                AcrossRanksTornado::perChannel,
                Grid.threads(x.dim(2)),
                a.in(0),
                a.out(),
                x.dim(1),
                x.dim(2),
                op.kind() == AcrossRanks.Kind.STATISTICS ? 1 : 0);
    }

    static void perChannel(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int ranks = arg.get(2);
        int channels = arg.get(3);
        int i = c.globalIdx;
        if (i < channels) {
            int x = arg.get(0) + i;
            int y = arg.get(1) + i;
            float first = 0f;
            for (int r = 0; r < ranks; r++) {
                first += mem.get(x + r * channels);
            }
            first = first / (float) ranks;
            float second = 0f;
            for (int r = 0; r < ranks; r++) {
                float between = arg.get(4) == 1 ? mem.get(x + r * channels) - first : 0f;
                second += mem.get(x + (ranks + r) * channels) + between * between;
            }
            second = second / (float) ranks;
            for (int r = 0; r < ranks; r++) {
                mem.set(y + r * channels, first);
                mem.set(y + (ranks + r) * channels, second);
            }
        }
    }
}
