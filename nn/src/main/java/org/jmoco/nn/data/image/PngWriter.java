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

/// Writes 8-bit RGB as PNG: per row the filter with the least sum of absolute values, then the strongest deflate.
public final class PngWriter {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    private static final int RGB_STEP = 3;

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

    /// Writes the file to a stream, which stays open.
    public static void write(RgbImage image, OutputStream out) throws IOException {
        DataOutputStream data = new DataOutputStream(out);
        data.write(SIGNATURE);
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        DataOutputStream fields = new DataOutputStream(header);
        fields.writeInt(image.width());
        fields.writeInt(image.height());
        fields.write(new byte[] {8, 2, 0, 0, 0}); // 8 bits, RGB, deflate, adaptive filters, not interlaced
        chunk(data, "IHDR", header.toByteArray());
        chunk(data, "IDAT", deflated(image));
        chunk(data, "IEND", new byte[0]);
        data.flush();
    }

    private static byte[] deflated(RgbImage image) throws IOException {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
        deflater.setStrategy(Deflater.FILTERED);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        int rowBytes = RGB_STEP * image.width();
        byte[] above = new byte[RGB_STEP + rowBytes];
        byte[] row = new byte[above.length];
        byte[] candidate = new byte[above.length];
        byte[] best = new byte[above.length];
        try (DeflaterOutputStream out = new DeflaterOutputStream(packed, deflater)) {
            for (int y = 0; y < image.height(); y++) {
                System.arraycopy(image.rgb(), y * rowBytes, row, RGB_STEP, rowBytes);
                long least = Long.MAX_VALUE;
                for (int filter = PngFilter.NONE; filter <= PngFilter.PAETH; filter++) {
                    long sum = PngFilter.apply(filter, row, above, RGB_STEP, candidate);
                    if (sum < least) {
                        least = sum;
                        candidate[RGB_STEP - 1] =
                                (byte) filter; // the margin's last byte precedes the row, as the filter does
                        byte[] swap = best;
                        best = candidate;
                        candidate = swap;
                    }
                }
                out.write(best, RGB_STEP - 1, 1 + rowBytes);
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
