package org.jmoco.tensor.ops.elementwise;

import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Grid;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.TornadoKernel;
import org.jmoco.tensor.plan.Areas;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

final class NormalizeImageTornado implements TornadoKernel<NormalizeImage> {
    /// The argument block: x, y, elements, elements of an image, channels, shift or −1; then the offsets of mean
    /// and deviation of each channel.
    @Override
    public void emit(NormalizeImage op, Args a, Launches gpu) {
        if (a.size() == 0) {
            return;
        }
        int channels = op.mean().size();
        int[] block = new int[6 + 2 * channels];
        block[0] = a.in(0);
        block[1] = a.out();
        block[2] = a.size();
        block[3] = Math.toIntExact(a.outShape().size(1, 4));
        block[4] = channels;
        block[5] = a.operands() > 1 ? a.in(1) : -1;
        for (int i = 0; i < channels; i++) {
            block[6 + 2 * i] = gpu.constant(op.mean().get(i));
            block[7 + 2 * i] = gpu.constant(op.std().get(i));
        }
        gpu.launch(
                "elementwise.normalizeImage",
                NormalizeImageTornado::perElement,
                Grid.threads(a.size()),
                a.arenas(),
                block);
    }

    @Override
    public boolean anywhere(NormalizeImage op, int operand) {
        return operand == Areas.RESULT;
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
        if (i < arg.get(2)) {
            int channels = arg.get(4);
            int channel = i % channels;
            float x = ints.get(arg.get(0) + i) / 255f;
            if (arg.get(5) >= 0) {
                x += mem.get(arg.get(5) + i / arg.get(3) * channels + channel);
            }
            result.set(arg.get(1) + i, (x - mem.get(arg.get(6 + 2 * channel))) / mem.get(arg.get(7 + 2 * channel)));
        }
    }
}
