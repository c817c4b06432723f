package org.jmoco.tensor.ops.elementwise;

import org.jmoco.tensor.DType;
import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Kernel;
import org.jmoco.tensor.backend.tornado.Launches;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

final class CompareTornado extends BinaryTornado<Compare> {
    @Override
    Kernel kernel() {
        return CompareTornado::floatsPerElement;
    }

    @Override
    int number(Compare op) {
        return op.relation().ordinal();
    }

    @Override
    String kernelName(Compare op, Args a) {
        return a.node().input(0).dtype() == DType.F32 ? "elementwise.compareFloats" : "elementwise.compareInts";
    }

    @Override
    public void emit(Compare op, Args a, Launches gpu) {
        Kernel kernel = a.node().input(0).dtype() == DType.F32
                ? CompareTornado::floatsPerElement
                : CompareTornado::intsPerElement;
        emit(op, a, gpu, kernel);
    }

    static void floatsPerElement(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int i = c.globalIdx;
        if (i < arg.get(3)) {
            float a = mem.get(left(arg, i));
            float b = mem.get(right(arg, i));
            int relation = arg.get(5);
            boolean holds = relation == 0 ? a == b : relation == 1 ? a > b : a >= b;
            mem.set(arg.get(2) + i, holds ? 1f : 0f);
        }
    }

    static void intsPerElement(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int i = c.globalIdx;
        if (i < arg.get(3)) {
            int a = ints.get(left(arg, i));
            int b = ints.get(right(arg, i));
            int relation = arg.get(5);
            boolean holds = relation == 0 ? a == b : relation == 1 ? a > b : a >= b;
            mem.set(arg.get(2) + i, holds ? 1f : 0f);
        }
    }
}
