package org.jmoco.tensor.ops.image;

import org.jmoco.tensor.Shape;
import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

final class ResizeBilinearJvm implements JvmKernel<ResizeBilinear> {
    private final SeparableJvm separable = new SeparableJvm();

    @Override
    public void run(ResizeBilinear op, Args args, Workers workers) {
        Shape x = args.shape(0);
        separable.run(
                Interpolation.bilinear(x.dim(1), op.height(), op.corners()),
                Interpolation.bilinear(x.dim(2), op.width(), op.corners()),
                args,
                workers);
    }

    @Override
    public OpExample example() {
        return OpExample.of(new ResizeBilinear(112, 112, false)).floats(4, 56, 56, 64);
    }
}
