package org.jmoco.nn;

import org.jmoco.tensor.Tensor;

/// Two 3×3 convolutions with a shortcut (He et al. 2016): `[n, h, w, in]` → `[n, h/stride, w/stride, width]`. The
/// block of ResNet-18 and 34.
final class BasicBlock extends Module {
    private final Conv2d conv1;
    private final BatchNorm2d bn1;
    private final Conv2d conv2;
    private final BatchNorm2d bn2;
    private final Sequential downsample;

    BasicBlock(int in, int width, int stride) {
        conv1 = new Conv2d(in, width, 3, stride, 1);
        bn1 = new BatchNorm2d(width);
        conv2 = new Conv2d(width, width, 3, 1, 1);
        bn2 = new BatchNorm2d(width);
        downsample = ResNet.downsample(in, width, stride);
    }

    @Override
    protected Tensor compute(Tensor x, Mode mode) {
        Tensor shortcut = downsample == null ? x : downsample.forward(x, mode);
        Tensor y = bn1.forward(conv1.forward(x, mode), mode).relu();
        y = bn2.forward(conv2.forward(y, mode), mode);
        return y.add(shortcut).relu();
    }
}
