package org.jmoco.nn.data.image;

/// An image of `height × width` pixels, three unsigned bytes each (red, green, blue), rows from the top.
///
/// The array is shared, not copied: treat it as read-only once the image is handed on. No transform changes its input.
public final class RgbImage {
    private final int width;
    private final int height;
    private final byte[] rgb;

    /// @param rgb `3·width·height` bytes, kept by reference
    /// @throws IllegalArgumentException if a side is below 1 or the array has another length
    public RgbImage(int width, int height, byte[] rgb) {
        if (width < 1 || height < 1 || rgb.length != 3L * width * height) {
            throw new IllegalArgumentException(
                    "RgbImage: " + rgb.length + " bytes do not make " + width + "×" + height + " pixels of 3 bytes");
        }
        this.width = width;
        this.height = height;
        this.rgb = rgb;
    }

    /// A black image.
    public RgbImage(int width, int height) {
        this(width, height, new byte[3 * width * height]);
    }

    public int width() {
        return width;
    }

    public int height() {
        return height;
    }

    /// The pixels, `rgb[3·(y·width + x) + channel]`; shared.
    public byte[] rgb() {
        return rgb;
    }

    @Override
    public String toString() {
        return "RgbImage " + width + "×" + height;
    }
}
