package org.jmoco.nn;

/// The first layers of a [ResNet].
public enum Stem {
    /// 7×7 convolution of stride 2, batch norm, ReLU, 3×3 max pooling of stride 2: for images of about 224×224.
    IMAGENET("ImageNet", 4),
    /// 3×3 convolution of stride 1, batch norm, ReLU, no pooling, the convolution with PyTorch's default start:
    /// MoCo's CIFAR-10 demo, images of about 32×32.
    CIFAR("CIFAR", 1),
    /// As [#IMAGENET] with three 3×3 convolutions in place of the 7×7, the first of stride 2, the first two
    /// with half of the channels: ResNet-C of He et al. 2019, "Bag of tricks for image classification", which
    /// MMSegmentation calls V1c. Names are timm's: `conv1.0`, `conv1.1`, `conv1.3`, `conv1.4`, `conv1.6`,
    /// `bn1`.
    DEEP("deep", 4);

    private final String word;
    private final int stride;

    Stem(String word, int stride) {
        this.word = word;
        this.stride = stride;
    }

    /// Pixels between neighbours of the map that enters `layer1`: 4 or 1.
    public int stride() {
        return stride;
    }

    /// Whether the first layers end with max pooling.
    boolean isPooled() {
        return stride > 1;
    }

    /// What stands before `bn1`, `[n, h, w, 3]` → `[n, h/2, w/2, width]`, or `[n, h, w, width]`.
    Layer convolution(int width, Norm norm) {
        Conv2d.Options small = Conv2d.Options.of(3);
        int half = width / 2;
        return switch (this) {
            case IMAGENET -> new Conv2d(3, width, Conv2d.Options.of(7).stride(2));
            case CIFAR -> new Conv2d(3, width, small.start(Start.UNIFORM));
            case DEEP ->
                new Sequential(
                        new Conv2d(3, half, small.stride(2)),
                        norm.of(half),
                        new Relu(),
                        new Conv2d(half, half, small),
                        norm.of(half),
                        new Relu(),
                        new Conv2d(half, width, small));
        };
    }

    /// `ImageNet stem`.
    @Override
    public String toString() {
        return word + " stem";
    }
}
