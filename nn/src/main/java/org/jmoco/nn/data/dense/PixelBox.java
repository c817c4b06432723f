package org.jmoco.nn.data.dense;

/// A box of whole pixels.
///
/// @param left,top first column and row   @param width,height in pixels, at least 1
public record PixelBox(int left, int top, int width, int height) {
    /// The box of a whole image.
    public static PixelBox whole(int width, int height) {
        return new PixelBox(0, 0, width, height);
    }
}
