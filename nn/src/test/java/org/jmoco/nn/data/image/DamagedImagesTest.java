package org.jmoco.nn.data.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.jmoco.nn.data.DamagedFiles;
import org.jmoco.nn.data.DamagedFiles.Outcome;
import org.jmoco.nn.data.UnreadableImageException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/// Damaged image files: the decoders of all formats, on files of all kinds.
class DamagedImagesTest {
    /// The files are small; what they can claim to hold is bounded by their length. The JDK's decoder keeps all
    /// coefficients of a progressive image.
    private static final long MOST_BYTES = 200_000_000;

    private final TestReporter reporter;

    DamagedImagesTest(TestReporter reporter) {
        this.reporter = reporter;
    }

    @Test
    void jpeg() throws IOException {
        report("JPEG", feed(fixtures(".jpg"), UnaryOperator.identity()));
    }

    @Test
    void jpegByTheJdksDecoder() throws IOException {
        report(
                "JPEG, the JDK's decoder",
                DamagedFiles.feed(fixtures(".jpg"), UnaryOperator.identity(), MOST_BYTES, file -> {
                    try {
                        JpegHeader header = JpegHeader.parse(file, ImageDecoder.DEFAULT_MAX_PIXELS);
                        RgbImage image = JdkJpeg.decode(file, header);
                        assertEquals(header.width() + "×" + header.height(), image.width() + "×" + image.height());
                    } catch (CorruptImageException e) {
                        throw new UnreadableImageException("x", e.getMessage(), e);
                    }
                }));
    }

    /// Whether a file counts as readable does not depend on the library: what libjpeg-turbo takes without a
    /// warning, the JDK's decoder takes too.
    ///
    /// Their pixels may differ where damage gives coefficients that no image has: their sums leave the range in
    /// which libjpeg's code and its vectorised form agree (as they do not within libjpeg-turbo either). How often
    /// is reported.
    @Test
    void libjpegTurboTakesNoFileThatTheJdksDecoderRefuses() throws IOException {
        Optional<TurboJpeg> turbo = TurboJpeg.find(null);
        Assumptions.assumeTrue(turbo.isPresent(), "no TurboJPEG library on this machine");
        int[] taken = {0, 0};
        Outcome outcome = DamagedFiles.feed(fixtures(".jpg"), UnaryOperator.identity(), MOST_BYTES, file -> {
            JpegHeader header;
            try {
                header = JpegHeader.parse(file, ImageDecoder.DEFAULT_MAX_PIXELS);
            } catch (CorruptImageException e) {
                throw new UnreadableImageException("x", e.getMessage(), e);
            }
            Optional<RgbImage> image =
                    header.components() == 4 ? Optional.empty() : turbo.get().decode(file, header);
            if (image.isPresent()) {
                taken[0]++;
                taken[1] += Arrays.equals(
                                JdkJpeg.decode(file, header).rgb(), image.get().rgb())
                        ? 1
                        : 0;
            }
        });
        report("JPEG, libjpeg-turbo", outcome);
        reporter.publishEntry(
                "both decoders",
                taken[1] + " of " + taken[0] + " damaged files that libjpeg-turbo takes have equal pixels");
        assertTrue(taken[0] > 0);
    }

    @Test
    void png() throws IOException {
        report("PNG", feed(fixtures(".png"), UnaryOperator.identity()));
    }

    @Test
    void pngWithRightChecksums() throws IOException {
        report("PNG, checksums put right", feed(fixtures(".png"), DamagedImagesTest::withChecksums));
    }

    /// Damage to rows and filters, not to the compressed stream around them.
    @Test
    void pngWithDamagedRows() throws IOException {
        List<byte[]> whole = fixtures(".png");
        List<byte[]> rows = whole.stream().map(DamagedImagesTest::inflated).toList();
        int[] copy = {0};
        report(
                "PNG, rows",
                DamagedFiles.feed(
                        rows,
                        damaged -> withRows(whole.get(copy[0]++ % whole.size()), damaged),
                        MOST_BYTES,
                        DamagedImagesTest::decode));
    }

    @Test
    void bmp() throws IOException {
        report("BMP", feed(fixtures(".bmp"), UnaryOperator.identity()));
    }

    /// Damage of any kind to the beginning of a file, which says what it is.
    @Test
    void anyBytesAfterASignature() {
        List<byte[]> noise = Stream.of(
                        new int[] {0xFF, 0xD8, 0xFF},
                        new int[] {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'},
                        new int[] {'B', 'M'})
                .map(signature -> {
                    byte[] file = new byte[300];
                    new SplittableRandom(signature[0]).nextBytes(file);
                    for (int i = 0; i < signature.length; i++) {
                        file[i] = (byte) signature[i];
                    }
                    return file;
                })
                .toList();
        report("noise", feed(noise, UnaryOperator.identity()));
    }

    private static Outcome feed(List<byte[]> files, UnaryOperator<byte[]> repair) {
        return DamagedFiles.feed(files, repair, MOST_BYTES, DamagedImagesTest::decode);
    }

    /// A file that is read has the size that its header tells.
    private static void decode(byte[] file) {
        RgbImage image = ImageDecoder.STANDARD.decode(file, "x");
        ImageInfo info = ImageDecoder.STANDARD.info(file, "x");
        assertEquals(info.width() + "×" + info.height(), image.width() + "×" + image.height());
    }

    private void report(String reader, Outcome outcome) {
        reporter.publishEntry(reader, outcome.toString());
        assertTrue(outcome.refused() > 0, "nothing was refused");
    }

    private static List<byte[]> fixtures(String extension) throws IOException {
        return ImageDecoderTest.files().stream()
                .filter(f -> f.toString().endsWith(extension))
                .map(f -> {
                    try {
                        return Files.readAllBytes(f);
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                })
                .toList();
    }

    /// The file with right sums for as many chunks as it seems to have.
    private static byte[] withChecksums(byte[] png) {
        byte[] file = png.clone();
        ByteBuffer fields = ByteBuffer.wrap(file);
        for (long at = 8; at + 12 <= file.length; ) {
            long end = at + 12 + (fields.getInt((int) at) & 0xFFFFFFFFL);
            if (end > file.length) {
                break;
            }
            fields.putInt((int) end - 4, sum(file, (int) at + 4, (int) end - 4));
            at = end;
        }
        return file;
    }

    /// The bytes under a PNG's compression.
    private static byte[] inflated(byte[] png) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        ByteBuffer fields = ByteBuffer.wrap(png);
        for (int at = 8; at < png.length; at += 12 + fields.getInt(at)) {
            if (fields.getInt(at + 4) == 0x49444154) {
                packed.write(png, at + 8, fields.getInt(at));
            }
        }
        try {
            return new InflaterInputStream(new ByteArrayInputStream(packed.toByteArray())).readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// The PNG with other bytes under its compression.
    private static byte[] withRows(byte[] png, byte[] rows) {
        ByteBuffer fields = ByteBuffer.wrap(png);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int at = 8;
        while (fields.getInt(at + 4) != 0x49444154) {
            at += 12 + fields.getInt(at);
        }
        out.write(png, 0, at);
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        data.writeBytes(new byte[] {'I', 'D', 'A', 'T'});
        try (DeflaterOutputStream packing = new DeflaterOutputStream(data)) {
            packing.write(rows);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        byte[] chunk = data.toByteArray();
        out.writeBytes(ByteBuffer.allocate(4).putInt(chunk.length - 4).array());
        out.writeBytes(chunk);
        out.writeBytes(
                ByteBuffer.allocate(4).putInt(sum(chunk, 0, chunk.length)).array());
        out.writeBytes(Arrays.copyOfRange(png, png.length - 12, png.length));
        return out.toByteArray();
    }

    private static int sum(byte[] data, int from, int to) {
        CRC32 sum = new CRC32();
        sum.update(data, from, to - from);
        return (int) sum.getValue();
    }
}
