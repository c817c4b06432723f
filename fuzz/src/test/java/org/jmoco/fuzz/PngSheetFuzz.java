package org.jmoco.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.image.ImageDecoder;
import org.jmoco.nn.data.image.PngWriter;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.Cifar10Sheets;
import org.junit.jupiter.params.provider.MethodSource;

/// CIFAR-10's sheets. The checksums of the PNG's chunks are put right first, else no change would get past them.
class PngSheetFuzz {
    /// Deflate makes 1,032 bytes of one, in each of which are up to 8 pixels of 3 bytes; twice that for the images
    /// cut from the sheet.
    private static final Bounds BOUNDS = new Bounds(DataException.class, 2 << 20, 2 * 1032 * 8 * 3);

    private static final int PIXELS_OF_A_FUZZED_IMAGE = 1 << 20;
    private static final Folder FOLDER = new Folder();

    static {
        FOLDER.write("test_lables.json", "[3, 8]".getBytes(StandardCharsets.US_ASCII));
    }

    static Stream<byte[]> seeds() {
        return Stream.concat(
                Stream.of(PngWriter.encode(new RgbImage(1024, 2))),
                Seeds.all("nn/src/test/resources/org/jmoco/nn/data/image/decode", ".png")
                        .filter(png -> png.length < 2000));
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "20s")
    void sheet(byte[] file) {
        byte[] png = withChecksums(file);
        FOLDER.write("test_batch.png", png);
        BOUNDS.hold(png, bytes -> new ImageDecoder(PIXELS_OF_A_FUZZED_IMAGE).decode(bytes, "x.png"));
        BOUNDS.hold(png, bytes -> IdxFuzz.look(Cifar10Sheets.test(FOLDER.root())));
    }

    private static byte[] withChecksums(byte[] file) {
        ByteBuffer png = ByteBuffer.wrap(file.clone());
        int at = 8;
        while (at + 12 <= png.capacity()) {
            int length = png.getInt(at);
            if (length < 0 || length > png.capacity() - at - 12) {
                break;
            }
            CRC32 sum = new CRC32();
            sum.update(png.array(), at + 4, length + 4);
            png.putInt(at + 8 + length, (int) sum.getValue());
            at += 12 + length;
        }
        return png.array();
    }
}
