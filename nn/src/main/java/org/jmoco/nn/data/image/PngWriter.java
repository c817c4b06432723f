package org.jmoco.nn.data.image;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.jmoco.tensor.io.AtomicFile;

/// Writes 8-bit RGB, gray or indices with a palette as PNG: per row the filter with the
/// least sum of absolute values, then the strongest deflate.
public final class PngWriter {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    private static final int GRAY = 0;
    private static final int RGB = 2;
    private static final int PALETTE = 3;

    private PngWriter() {}

    /// The file's bytes.
    public static byte[] encode(RgbImage image) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try {
            write(image, file);
        } catch (IOException e) {
            throw new AssertionError("memory does not fail to be written", e);
        }
        return file.toByteArray();
    }

    /// Writes a file, whole or not at all.
    ///
    /// @throws java.io.UncheckedIOException if it cannot be written
    public static void write(RgbImage image, Path file) {
        byte[] bytes = encode(image);
        AtomicFile.write(file, channel -> AtomicFile.append(channel, MemorySegment.ofArray(bytes)));
    }

    /// The bytes of a file of indices with their palette, which Pillow and others read as such.
    ///
    /// @param palette `[colours, 3]`, red, green and blue of index 0, 1, …; empty for a gray image
    /// @throws IllegalArgumentException if the palette does not have 0 to 256 colours
    public static byte[] encode(IndexImage image, byte[] palette) {
        if (palette.length % 3 != 0 || palette.length > 768) {
            throw new IllegalArgumentException("a palette has up to 256 colours of 3 bytes, not " + palette.length);
        }
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try {
            int type = palette.length == 0 ? GRAY : PALETTE;
            write(image.width(), image.height(), type, palette, image.indices(), file);
        } catch (IOException e) {
            throw new AssertionError("memory does not fail to be written", e);
        }
        return file.toByteArray();
    }

    /// Writes the file to a stream, which stays open.
    public static void write(RgbImage image, OutputStream out) throws IOException {
        write(image.width(), image.height(), RGB, new byte[0], image.rgb(), out);
    }

    private static void write(int width, int height, int type, byte[] palette, byte[] pixels, OutputStream out)
            throws IOException {
        DataOutputStream data = new DataOutputStream(out);
        data.write(SIGNATURE);
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        DataOutputStream fields = new DataOutputStream(header);
        fields.writeInt(width);
        fields.writeInt(height);
        fields.write(new byte[] {8, (byte) type, 0, 0, 0}); // 8 bits, deflate, adaptive filters, not interlaced
        chunk(data, "IHDR", header.toByteArray());
        if (palette.length > 0) {
            chunk(data, "PLTE", palette);
        }
        int step = type == RGB ? 3 : 1;
        chunk(data, "IDAT", deflated(pixels, step * width, step));
        chunk(data, "IEND", new byte[0]);
        data.flush();
    }

    private static byte[] deflated(byte[] pixels, int rowBytes, int step) throws IOException {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
        deflater.setStrategy(Deflater.FILTERED);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        byte[] above = new byte[step + rowBytes];
        byte[] row = new byte[above.length];
        byte[] candidate = new byte[above.length];
        byte[] best = new byte[above.length];
        try (DeflaterOutputStream out = new DeflaterOutputStream(packed, deflater)) {
            for (int from = 0; from < pixels.length; from += rowBytes) {
                System.arraycopy(pixels, from, row, step, rowBytes);
                long least = Long.MAX_VALUE;
                for (int filter = PngFilter.NONE; filter <= PngFilter.PAETH; filter++) {
                    long sum = PngFilter.apply(filter, row, above, step, candidate);
                    if (sum < least) {
                        least = sum;
                        candidate[step - 1] =
                                (byte) filter; // the margin's last byte precedes the row, as the filter does
                        byte[] swap = best;
                        best = candidate;
                        candidate = swap;
                    }
                }
                out.write(best, step - 1, 1 + rowBytes);
                byte[] swap = above;
                above = row;
                row = swap;
            }
        } finally {
            deflater.end();
        }
        return packed.toByteArray();
    }

    private static void chunk(DataOutputStream out, String type, byte[] data) throws IOException {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 sum = new CRC32();
        sum.update(name);
        sum.update(data);
        out.writeInt(data.length);
        out.write(name);
        out.write(data);
        out.writeInt((int) sum.getValue());
    }
}
