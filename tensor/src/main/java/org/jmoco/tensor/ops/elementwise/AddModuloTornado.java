package org.jmoco.tensor.ops.elementwise;

import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Grid;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.TornadoKernel;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

final class AddModuloTornado implements TornadoKernel<AddModulo> {
    @Override
    public void emit(AddModulo op, Args a, Launches gpu) {
        if (a.size() > 0) {
            gpu.launch(
                    "elementwise.addModulo",
                    AddModuloTornado::perElement,
                    Grid.threads(a.size()),
                    a.in(0),
                    a.out(),
                    a.size(),
                    op.addend(),
                    op.modulus());
        }
    }

    static void perElement(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int i = c.globalIdx;
        if (i < arg.get(2)) {
            long modulus = arg.get(4);
            long rest = ((long) ints.get(arg.get(0) + i) + (long) arg.get(3)) % modulus;
            ints.set(arg.get(1) + i, (int) (rest < 0 ? rest + modulus : rest));
        }
    }
}
