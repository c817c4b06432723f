package org.jmoco.nn.data.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// A Windows bitmap: 1, 4, 8 bits with a palette, 16, 24 and 32 bits, also with bit masks; uncompressed.
final class BmpReader {
    private static final int FILE_HEADER_BYTES = 14;
    private static final int CORE_HEADER_BYTES = 12;
    private static final int INFO_HEADER_BYTES = 40;
    private static final int UNCOMPRESSED = 0;
    private static final int BIT_FIELDS = 3;

    private final ByteBuffer file;
    private final int width;
    private final int height;
    private final boolean bottomUp;
    private final int bits;
    private final int pixelsAt;
    private final int[] palette;
    private final int[] masks;

    BmpReader(byte[] bytes, long maxPixels) throws CorruptImageException {
        file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        require(bytes.length >= FILE_HEADER_BYTES + CORE_HEADER_BYTES, "is truncated: no whole BMP header");
        pixelsAt = file.getInt(10);
        int headerBytes = file.getInt(14);
        boolean core = headerBytes == CORE_HEADER_BYTES;
        require(core || headerBytes >= INFO_HEADER_BYTES && headerBytes <= 256, "is a BMP of an unknown version");
        require(bytes.length >= FILE_HEADER_BYTES + headerBytes, "is truncated: no whole BMP header");
        long w = core ? file.getShort(18) & 0xFFFF : file.getInt(18);
        long h = core ? file.getShort(20) & 0xFFFF : file.getInt(22);
        ImageDecoder.checkSize(w, Math.abs(h), maxPixels);
        width = (int) w;
        height = (int) Math.abs(h);
        bottomUp = h > 0;
        bits = file.getShort(core ? 24 : 28);
        require(
                bits == 1 || bits == 4 || bits == 8 || bits == 16 || bits == 24 || bits == 32,
                "is a BMP of " + bits + " bits a pixel");
        int compression = core ? UNCOMPRESSED : file.getInt(30);
        require(
                compression == UNCOMPRESSED || compression == BIT_FIELDS && (bits == 16 || bits == 32),
                "is a compressed BMP, which is not supported: convert it to PNG");
        require(
                pixelsAt >= FILE_HEADER_BYTES + headerBytes && bytes.length - (long) pixelsAt >= rowBytes() * height,
                "is truncated: the BMP data end too early");
        palette = bits <= 8 ? palette(core, headerBytes) : new int[0];
        masks = masks(compression);
    }

    ImageInfo info() {
        String colour = bits <= 8 ? "palette" : bits == 16 ? "RGB 5 bit" : "RGB";
        return new ImageInfo(ImageFormat.BMP, width, height, colour);
    }

    RgbImage decode() throws CorruptImageException {
        RgbImage image = new RgbImage(width, height);
        for (int y = 0; y < height; y++) {
            int row = pixelsAt + Math.toIntExact(rowBytes() * (bottomUp ? height - 1 - y : y));
            for (int x = 0, to = 3 * y * width; x < width; x++, to += 3) {
                int colour = colour(row, x);
                image.rgb()[to] = (byte) (colour >> 16);
                image.rgb()[to + 1] = (byte) (colour >> 8);
                image.rgb()[to + 2] = (byte) colour;
            }
        }
        return image;
    }

    /// `0xRRGGBB` of a pixel.
    private int colour(int row, int x) throws CorruptImageException {
        switch (bits) {
            case 24:
                int at = row + 3 * x;
                return (file.get(at + 2) & 0xFF) << 16 | (file.get(at + 1) & 0xFF) << 8 | file.get(at) & 0xFF;
            case 16:
                return masked(file.getShort(row + 2 * x) & 0xFFFF);
            case 32:
                return masked(file.getInt(row + 4 * x));
            default:
                int bit = x * bits;
                int index = file.get(row + (bit >> 3)) >> 8 - bits - (bit & 7) & (1 << bits) - 1;
                require(index < palette.length, "is a corrupt BMP (a colour outside its palette)");
                return palette[index];
        }
    }

    private int masked(int pixel) {
        return scaled(pixel, masks[0]) << 16 | scaled(pixel, masks[1]) << 8 | scaled(pixel, masks[2]);
    }

    /// The masked field stretched to 0 … 255.
    private static int scaled(int pixel, int mask) {
        int shift = Integer.numberOfTrailingZeros(mask);
        return ((pixel & mask) >>> shift) * 255 / (mask >>> shift);
    }

    private int[] palette(boolean core, int headerBytes) throws CorruptImageException {
        int declared = core ? 0 : file.getInt(46);
        int colours = declared == 0 ? 1 << bits : declared;
        int entryBytes = core ? 3 : 4;
        int at = FILE_HEADER_BYTES + headerBytes;
        require(
                colours > 0 && colours <= 256 && at + colours * entryBytes <= pixelsAt,
                "is a corrupt BMP (its palette does not fit)");
        int[] entries = new int[colours];
        for (int i = 0; i < colours; i++, at += entryBytes) {
            entries[i] = (file.get(at + 2) & 0xFF) << 16 | (file.get(at + 1) & 0xFF) << 8 | file.get(at) & 0xFF;
        }
        return entries;
    }

    private int[] masks(int compression) throws CorruptImageException {
        if (compression == UNCOMPRESSED) {
            return bits == 16 ? new int[] {0x7C00, 0x03E0, 0x001F} : new int[] {0x00FF0000, 0x0000FF00, 0x000000FF};
        }
        // They follow the 40 bytes of the oldest header, or are the first of the newer headers' fields.
        int at = FILE_HEADER_BYTES + INFO_HEADER_BYTES;
        require(at + 12 <= pixelsAt, "is a corrupt BMP (no bit masks)");
        int[] fields = new int[3];
        for (int c = 0; c < 3; c++) {
            fields[c] = file.getInt(at + 4 * c);
            int field = fields[c] >>> Integer.numberOfTrailingZeros(fields[c]);
            require(
                    fields[c] != 0 && field <= 0xFF && (field & field + 1) == 0,
                    "is a BMP with unusual bit masks, which is not supported: convert it to PNG");
        }
        return fields;
    }

    private long rowBytes() {
        return ((long) width * bits + 31) / 32 * 4;
    }

    private static void require(boolean condition, String otherwise) throws CorruptImageException {
        if (!condition) {
            throw new CorruptImageException(otherwise);
        }
    }
}
