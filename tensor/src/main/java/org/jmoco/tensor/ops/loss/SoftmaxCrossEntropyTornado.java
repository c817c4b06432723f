package org.jmoco.tensor.ops.loss;

import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Grid;
import org.jmoco.tensor.backend.tornado.Groups;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.TornadoKernel;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

final class SoftmaxCrossEntropyTornado implements TornadoKernel<SoftmaxCrossEntropy> {
    /// The argument block: logits, labels, loss, classes, where to report a fault.
    @Override
    public void emit(SoftmaxCrossEntropy op, Args a, Launches gpu) {
        int classes = a.shape(0).dim(1);
        int fault = gpu.fault("softmaxCrossEntropy: a label is outside the classes 0 to " + (classes - 1));
        if (a.size() > 0) {
            gpu.launch(
                    "loss.softmaxCrossEntropy",
                    SoftmaxCrossEntropyTornado::rowPerGroup,
                    Grid.groups(a.size()),
                    a.in(0),
                    a.in(1),
                    a.out(),
                    classes,
                    fault);
        }
    }

    static void rowPerGroup(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int n = arg.get(3);
        int row = arg.get(0) + c.groupIdx * n;
        float most = mem.get(row);
        for (int j = c.localIdx; j < n; j += 256) {
            float v = mem.get(row + j);
            most = v > most ? v : most;
        }
        float largest = Groups.largest(c, most);
        float sum = 0f;
        for (int j = c.localIdx; j < n; j += 256) {
            sum += TornadoMath.exp(mem.get(row + j) - largest);
        }
        float total = Groups.sum(c, sum);
        int label = ints.get(arg.get(1) + c.groupIdx);
        if (c.localIdx == 0) {
            if (label < 0 || label >= n) {
                ints.set(0, arg.get(4));
            } else {
                mem.set(arg.get(2) + c.groupIdx, TornadoMath.log(total) + (largest - mem.get(row + label)));
            }
        }
    }
}
