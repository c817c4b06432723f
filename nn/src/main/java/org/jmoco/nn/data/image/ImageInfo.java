package org.jmoco.nn.data.image;

/// What a file's header says, before any pixel is decoded.
///
/// @param colour how the file stores colour, such as `RGB`, `gray`, `palette`, `CMYK`, with the bits a sample
///     where they are not 8
public record ImageInfo(ImageFormat format, int width, int height, String colour) {
    public long pixels() {
        return (long) width * height;
    }
}
