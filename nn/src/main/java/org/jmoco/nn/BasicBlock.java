package org.jmoco.nn;

import org.jmoco.tensor.Tensor;

/// Two 3×3 convolutions with a shortcut (He et al. 2016): `[n, h, w, in]` → `[n, h/stride, w/stride, width]`.
/// The block of ResNet-18 and 34. Dilation is the first convolution's alone, as in MMSegmentation; torchvision
/// has none.
final class BasicBlock extends Layer {
    private final Conv2d conv1;
    private final Layer bn1;
    private final Conv2d conv2;
    private final Layer bn2;
    private final Sequential downsample;

    BasicBlock(int in, int width, int stride, int dilation, Norm norm) {
        conv1 = new Conv2d(in, width, Conv2d.Options.of(3).stride(stride).dilation(dilation));
        bn1 = norm.of(width);
        conv2 = new Conv2d(width, width, Conv2d.Options.of(3));
        bn2 = norm.of(width);
        downsample = ResNet.downsample(in, width, stride, norm);
    }

    @Override
    protected Tensor compute(Tensor x, Mode mode) {
        Tensor shortcut = downsample == null ? x : downsample.forward(x, mode);
        Tensor y = bn1.forward(conv1.forward(x, mode), mode).relu();
        y = bn2.forward(conv2.forward(y, mode), mode);
        return y.add(shortcut).relu();
    }
}
