package org.jmoco.nn;

import org.jmoco.tensor.Tensor;

/// 1×1 down, 3×3, 1×1 up, with a shortcut (He et al. 2016): `[n, h, w, in]` → `[n, h/stride, w/stride, 4·width]`.
/// `conv2` carries the stride, as in torchvision. The block of ResNet-50.
final class Bottleneck extends Module {
    static final int EXPANSION = 4;

    private final Conv2d conv1;
    private final BatchNorm2d bn1;
    private final Conv2d conv2;
    private final BatchNorm2d bn2;
    private final Conv2d conv3;
    private final BatchNorm2d bn3;
    private final Sequential downsample;

    Bottleneck(int in, int width, int stride) {
        int out = EXPANSION * width;
        conv1 = new Conv2d(in, width, 1, 1, 0);
        bn1 = new BatchNorm2d(width);
        conv2 = new Conv2d(width, width, 3, stride, 1);
        bn2 = new BatchNorm2d(width);
        conv3 = new Conv2d(width, out, 1, 1, 0);
        bn3 = new BatchNorm2d(out);
        downsample = ResNet.downsample(in, out, stride);
    }

    @Override
    protected Tensor compute(Tensor x, Mode mode) {
        Tensor shortcut = downsample == null ? x : downsample.forward(x, mode);
        Tensor y = bn1.forward(conv1.forward(x, mode), mode).relu();
        y = bn2.forward(conv2.forward(y, mode), mode).relu();
        y = bn3.forward(conv3.forward(y, mode), mode);
        return y.add(shortcut).relu();
    }
}
