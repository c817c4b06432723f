package org.jmoco.tensor;

/// The element types the engine computes with. Files may hold more kinds; they are converted when read.
public enum DType {
    /// 32-bit IEEE float: features, weights, gradients.
    F32(4),
    /// 32-bit signed integer: labels, permutations, offsets.
    I32(4),
    /// Unsigned byte: images as they come from the decoder.
    U8(1);

    private final int bytes;

    DType(int bytes) {
        this.bytes = bytes;
    }

    /// Bytes of one element.
    public int bytes() {
        return bytes;
    }
}
