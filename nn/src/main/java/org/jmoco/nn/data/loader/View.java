package org.jmoco.nn.data.loader;

/// One view of each image of a batch.
///
/// @param height,width of every image in pixels   @param pixels `[n, height, width, 3]`, unsigned bytes, RGB
/// @param lighting `[n, 3]`, to be added to red, green and blue in 0 … 1 before they are normalised; empty if the
///     pipeline has no [org.jmoco.nn.data.augment.PcaLighting]
@SuppressWarnings("ArrayRecordComponent") // a carrier of buffers, never compared
public record View(int height, int width, byte[] pixels, float[] lighting) {
    int bytesPerImage() {
        return 3 * height * width;
    }
}
