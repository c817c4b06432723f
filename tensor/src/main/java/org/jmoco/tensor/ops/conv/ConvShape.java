package org.jmoco.tensor.ops.conv;

/// The extents of a convolution over NHWC images with HWIO weights.
///
/// @param n             images
/// @param h             input height   @param w input width   @param in input channels, over all groups
/// @param kh            kernel height   @param kw kernel width
/// @param out           output channels, over all groups
/// @param strideH       rows between two outputs   @param strideW columns between two outputs
/// @param paddingH      zero rows above and below   @param paddingW zero columns left and right
/// @param dilationH     rows between two taps   @param dilationW columns between two taps
/// @param groups        parts of the channels that do not see each other
public record ConvShape(
        int n,
        int h,
        int w,
        int in,
        int kh,
        int kw,
        int out,
        int strideH,
        int strideW,
        int paddingH,
        int paddingW,
        int dilationH,
        int dilationW,
        int groups) {

    /// Output height.
    public int oh() {
        return outputs(h, kh, strideH, paddingH, dilationH);
    }

    /// Output width.
    public int ow() {
        return outputs(w, kw, strideW, paddingW, dilationW);
    }

    /// Positions of the output along one axis; 0 or less if the kernel does not fit.
    public static int outputs(int size, int kernel, int stride, int padding, int dilation) {
        return Math.floorDiv(size + 2 * padding - dilation * (kernel - 1) - 1, stride) + 1;
    }

    /// Input channels of a group.
    public int groupIn() {
        return in / groups;
    }

    /// Output channels of a group.
    public int groupOut() {
        return out / groups;
    }

    /// Whether every output sees exactly its own input position, so that images are matrices `[n·h·w, channels]`
    /// as they lie.
    public boolean pointwise() {
        return kh == 1 && kw == 1 && strideH == 1 && strideW == 1 && paddingH == 0 && paddingW == 0;
    }
}
