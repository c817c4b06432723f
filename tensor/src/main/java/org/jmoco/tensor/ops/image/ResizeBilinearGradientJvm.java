package org.jmoco.tensor.ops.image;

import org.jmoco.tensor.Shape;
import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

final class ResizeBilinearGradientJvm implements JvmKernel<ResizeBilinearGradient> {
    private final SeparableJvm separable = new SeparableJvm();

    @Override
    public void run(ResizeBilinearGradient op, Args args, Workers workers) {
        Shape x = op.images();
        ResizeBilinear resize = op.resize();
        separable.run(
                Interpolation.bilinear(x.dim(1), resize.height(), resize.corners())
                        .transposed(),
                Interpolation.bilinear(x.dim(2), resize.width(), resize.corners())
                        .transposed(),
                args,
                workers);
    }

    @Override
    public OpExample example() {
        return OpExample.of(in -> new ResizeBilinearGradient(
                        new ResizeBilinear(112, 112, false),
                        in.get(0).with(1, 56).with(2, 56)))
                .floats(4, 112, 112, 64);
    }
}
