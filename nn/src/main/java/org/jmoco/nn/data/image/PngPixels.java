package org.jmoco.nn.data.image;

/// How the pixels of one PNG are packed, and their conversion to RGB.
final class PngPixels {
    private static final int GRAY = 0;
    private static final int RGB = 2;
    private static final int PALETTE = 3;
    private static final int GRAY_ALPHA = 4;
    private static final int RGB_ALPHA = 6;

    private final int bits;
    private final int type;
    private final int channels;
    private byte[] palette = {};
    private long clipped;

    private PngPixels(int bits, int type, int channels) {
        this.bits = bits;
        this.type = type;
        this.channels = channels;
    }

    static PngPixels of(int bits, int type) throws CorruptImageException {
        boolean small = bits == 1 || bits == 2 || bits == 4;
        boolean legal = switch (type) {
            case GRAY -> small || bits == 8 || bits == 16;
            case PALETTE -> small || bits == 8;
            case RGB, GRAY_ALPHA, RGB_ALPHA -> bits == 8 || bits == 16;
            default -> false;
        };
        if (!legal) {
            throw new CorruptImageException("is a PNG of illegal colour type " + type + " with " + bits + " bits");
        }
        int channels = switch (type) {
            case RGB -> 3;
            case GRAY_ALPHA -> 2;
            case RGB_ALPHA -> 4;
            default -> 1;
        };
        return new PngPixels(bits, type, channels);
    }

    void setPalette(byte[] rgb) throws CorruptImageException {
        if (rgb.length % 3 != 0 || rgb.length > 768) {
            throw new CorruptImageException("is a corrupt PNG (a palette of " + rgb.length + " bytes)");
        }
        palette = rgb;
    }

    void requirePalette() throws CorruptImageException {
        if (type == PALETTE && palette.length == 0) {
            throw new CorruptImageException("is a corrupt PNG (no palette)");
        }
    }

    String description() {
        String name = switch (type) {
            case GRAY -> "gray";
            case RGB -> "RGB";
            case PALETTE -> "palette";
            case GRAY_ALPHA -> "gray+alpha";
            default -> "RGB+alpha";
        };
        return bits == 8 ? name : name + " " + bits + " bit";
    }

    /// Whether it is gray of 16 bits, which Pillow clips to 8.
    boolean isDeepGray() {
        return type == GRAY && bits == 16;
    }

    /// How many pixels were clipped so far.
    long clipped() {
        return clipped;
    }

    /// Bytes of a packed row.
    int rowBytes(int columns) {
        return Math.toIntExact(((long) columns * channels * bits + 7) / 8);
    }

    /// Distance in bytes that row filters look to the left.
    int filterStep() {
        return Math.max(1, channels * bits / 8);
    }

    /// Converts one row.
    ///
    /// @param from where the packed row starts   @param to,step first byte and byte distance of the pixels in `rgb`
    void toRgb(byte[] row, int from, int columns, byte[] rgb, int to, int step) throws CorruptImageException {
        if (type == RGB && bits == 8 && step == 3) {
            System.arraycopy(row, from, rgb, to, 3 * columns);
            return;
        }
        int sampleBytes = bits / 8;
        for (int x = 0, at = to; x < columns; x++, at += step) {
            if (type == RGB || type == RGB_ALPHA) {
                int pixel = from + x * channels * sampleBytes;
                rgb[at] = row[pixel];
                rgb[at + 1] = row[pixel + sampleBytes];
                rgb[at + 2] = row[pixel + 2 * sampleBytes];
            } else if (type == PALETTE) {
                int index = 3 * sample(row, from, x);
                if (index >= palette.length) {
                    throw new CorruptImageException("is a corrupt PNG (a colour outside its palette)");
                }
                rgb[at] = palette[index];
                rgb[at + 1] = palette[index + 1];
                rgb[at + 2] = palette[index + 2];
            } else {
                byte gray = gray(row, from, x);
                rgb[at] = gray;
                rgb[at + 1] = gray;
                rgb[at + 2] = gray;
            }
        }
    }

    /// @throws CorruptImageException unless a pixel is one sample of at most 8 bits
    void requireIndices() throws CorruptImageException {
        if (type != PALETTE && type != GRAY || bits > 8) {
            throw new CorruptImageException("has " + description() + " pixels");
        }
    }

    /// Copies the samples of one row.
    ///
    /// @param from where the packed row starts   @param to,step first place and distance in `indices`
    void toIndices(byte[] row, int from, int columns, byte[] indices, int to, int step) {
        for (int x = 0, at = to; x < columns; x++, at += step) {
            indices[at] = (byte) sample(row, from, x);
        }
    }

    private byte gray(byte[] row, int from, int x) {
        if (type == GRAY_ALPHA) {
            return row[from + x * 2 * (bits / 8)];
        }
        if (bits == 16) {
            // Pillow keeps 16-bit gray as integers and clips them when it converts.
            int value = (row[from + 2 * x] & 0xFF) << 8 | row[from + 2 * x + 1] & 0xFF;
            clipped += value > 255 ? 1 : 0;
            return (byte) Math.min(value, 255);
        }
        return (byte) (sample(row, from, x) * 255 / ((1 << bits) - 1));
    }

    /// A sample of at most 8 bits in a row with one channel.
    private int sample(byte[] row, int from, int x) {
        int bit = x * bits;
        return row[from + (bit >> 3)] >> 8 - bits - (bit & 7) & (1 << bits) - 1;
    }
}
