package org.jmoco.nn.data.image;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.UnreadableImageException;

/// Decodes JPEG, PNG and BMP files to the bytes that Pillow's `Image.open(file).convert("RGB")` gives.
///
/// Gray is replicated, palettes are looked up, alpha is dropped, 16-bit colour keeps its high byte (16-bit gray is
/// clipped to 255, as Pillow does), CMYK follows Adobe's inverted convention. ICC profiles, gamma and EXIF
/// orientation are ignored, as the usual loaders do. The format follows from the content. The size is checked
/// against `maxPixels`, and for plausibility against the length of the file, before pixels are allocated.
///
/// @param maxPixels the largest image decoded, in pixels
public record ImageDecoder(long maxPixels) {
    /// Pillow warns of a decompression bomb above this many pixels.
    public static final long DEFAULT_MAX_PIXELS = 89_478_485;

    public static final ImageDecoder STANDARD = new ImageDecoder(DEFAULT_MAX_PIXELS);

    /// No image file of a training set is this long; a longer one is refused before it is read.
    private static final long MAX_FILE_BYTES = 1L << 29;

    /// Decodes a file.
    ///
    /// @throws UnreadableImageException if it is missing, truncated, corrupt, too large or of another format
    public RgbImage decode(Path file) {
        return decode(read(file), file.toString());
    }

    /// Decodes the bytes of a file.
    ///
    /// @param name names the image in error messages
    /// @throws UnreadableImageException as above
    public RgbImage decode(byte[] file, String name) {
        try {
            return switch (formatOf(file)) {
                case JPEG -> JpegCodecs.decode(file, JpegHeader.parse(file, maxPixels));
                case PNG -> new PngReader(file, maxPixels).decode();
                case BMP -> new BmpReader(file, maxPixels).decode();
            };
        } catch (CorruptImageException e) {
            throw new UnreadableImageException(name, e.getMessage(), e);
        }
    }

    /// Reads the header only.
    ///
    /// @throws UnreadableImageException if there is no whole, supported header, or the size is over the limit
    public ImageInfo info(byte[] file, String name) {
        try {
            return switch (formatOf(file)) {
                case JPEG -> JpegHeader.parse(file, maxPixels).info();
                case PNG -> new PngReader(file, maxPixels).info();
                case BMP -> new BmpReader(file, maxPixels).info();
            };
        } catch (CorruptImageException e) {
            throw new UnreadableImageException(name, e.getMessage(), e);
        }
    }

    /// The numbers in a PNG with a palette or in gray, as they are stored: no colour is looked up, and gray of fewer
    /// than 8 bits is not widened.
    ///
    /// @throws UnreadableImageException as [#decode], or if it is another format or has pixels of another kind
    public IndexImage indices(byte[] file, String name) {
        try {
            ImageFormat format = formatOf(file);
            if (format != ImageFormat.PNG) {
                throw new CorruptImageException("is a " + format + " file; class numbers are read from a PNG");
            }
            return new PngReader(file, maxPixels).indices();
        } catch (CorruptImageException e) {
            throw new UnreadableImageException(name, e.getMessage(), e);
        }
    }

    /// The share of an image's pixels that 16 bits of gray hold and 8 do not: they become white, as in Pillow.
    ///
    /// @throws UnreadableImageException as [#decode]
    public double clipped(byte[] file, String name) {
        try {
            return formatOf(file) == ImageFormat.PNG ? new PngReader(file, maxPixels).clipped() : 0;
        } catch (CorruptImageException e) {
            throw new UnreadableImageException(name, e.getMessage(), e);
        }
    }

    /// The bytes of an image file.
    ///
    /// @throws UnreadableImageException if it is missing, unreadable or implausibly long
    public static byte[] read(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            if (!attributes.isRegularFile()) {
                // To read a pipe would wait for ever.
                throw new UnreadableImageException(file.toString(), "is no regular file");
            }
            if (attributes.size() > MAX_FILE_BYTES) {
                throw new UnreadableImageException(
                        file.toString(),
                        "is " + (attributes.size() >> 20) + " MiB long; no image over 512 MiB is read");
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            boolean link = Files.isSymbolicLink(file);
            throw new UnreadableImageException(
                    file.toString(), link ? "is a link to a file that is not there" : "no such file", e);
        } catch (IOException e) {
            if (Files.isSymbolicLink(file) && !(e instanceof AccessDeniedException)) {
                throw new UnreadableImageException(file.toString(), "is a link that leads in a circle", e);
            }
            throw new UnreadableImageException(file.toString(), "cannot be read (" + DataException.because(e) + ")", e);
        }
    }

    private static ImageFormat formatOf(byte[] file) throws CorruptImageException {
        if (file.length == 0) {
            throw new CorruptImageException("the file is empty");
        }
        return ImageFormat.of(file)
                .orElseThrow(() -> new CorruptImageException(OtherFormat.of(file)
                        .map(f -> "is a " + f + " file, which is not read: convert it to JPEG or PNG")
                        .orElse("is no JPEG, PNG or BMP file by its first bytes")));
    }

    /// @throws CorruptImageException if a side is 0 or the pixels are over the limit
    static void checkSize(long width, long height, long maxPixels) throws CorruptImageException {
        if (width < 1 || height < 1) {
            throw new CorruptImageException("has no pixels (" + width + "×" + height + ")");
        }
        // 3 bytes a pixel must fit a Java array, whatever the limit. The product of two unsigned sides of 32 bits
        // may overflow; that of two sides under the limit does not.
        long limit = Math.min(maxPixels, (Integer.MAX_VALUE - 8) / 3);
        if (width > limit || height > limit || width * height > limit) {
            throw new CorruptImageException(width + "×" + height + " pixels are over the limit of " + maxPixels
                    + " (a decompression bomb? else data.max-pixels, or --max-pixels, raises it)");
        }
    }
}
