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

final class SoftmaxCrossEntropyGradientTornado implements TornadoKernel<SoftmaxCrossEntropyGradient> {
    /// The argument block: logits, labels, dloss, dlogits, classes, where to report a fault.
    @Override
    public void emit(SoftmaxCrossEntropyGradient op, Args a, Launches gpu) {
        int classes = a.shape(0).dim(1);
        int fault = gpu.fault("softmaxCrossEntropyGradient: a label is outside the classes 0 to " + (classes - 1));
        if (a.size() > 0) {
            gpu.launch(
                    "loss.softmaxCrossEntropyGradient",
                    SoftmaxCrossEntropyGradientTornado::rowPerGroup,
                    Grid.groups(a.shape(0).dim(0)),
                    a.in(0),
                    a.in(1),
                    a.in(2),
                    a.out(),
                    classes,
                    fault);
        }
    }

    static void rowPerGroup(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int n = arg.get(4);
        int row = arg.get(0) + c.groupIdx * n;
        int out = arg.get(3) + c.groupIdx * n;
        float most = -Float.MAX_VALUE; // not the row's first element: the result may overwrite it, and barriers order
        // local memory
        // only
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
        float dloss = mem.get(arg.get(2) + c.groupIdx);
        if (label < 0 || label >= n) {
            ints.set(0, arg.get(5));
        }
        for (int j = c.localIdx; j < n; j += 256) {
            float softmax = TornadoMath.exp(mem.get(row + j) - largest) / total;
            mem.set(out + j, dloss * (j == label ? softmax - 1f : softmax));
        }
    }
}
