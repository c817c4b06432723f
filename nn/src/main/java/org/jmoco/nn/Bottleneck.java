package org.jmoco.nn;

import org.jmoco.tensor.Tensor;

/// 1×1 down, 3×3, 1×1 up, with a shortcut (He et al. 2016): `[n, h, w, in]` →
/// `[n, h/stride, w/stride, 4·width]`. The block of ResNet-50 and deeper. `conv2` carries stride and dilation,
/// as in torchvision; in the networks of Caffe and Caffe2 the first 1×1 has the stride, and their weights do
/// not fit.
final class Bottleneck extends Layer {
    private final Conv2d conv1;
    private final Layer bn1;
    private final Conv2d conv2;
    private final Layer bn2;
    private final Conv2d conv3;
    private final Layer bn3;
    private final Sequential downsample;

    Bottleneck(int in, int width, int out, int stride, int dilation, Norm norm) {
        conv1 = new Conv2d(in, width, Conv2d.Options.of(1));
        bn1 = norm.of(width);
        conv2 = new Conv2d(width, width, Conv2d.Options.of(3).stride(stride).dilation(dilation));
        bn2 = norm.of(width);
        conv3 = new Conv2d(width, out, Conv2d.Options.of(1));
        bn3 = norm.of(out);
        downsample = ResNet.downsample(in, out, stride, norm);
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
