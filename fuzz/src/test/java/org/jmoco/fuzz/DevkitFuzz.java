package org.jmoco.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.image.PngWriter;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.DataSpec;
import org.jmoco.nn.data.source.Split;
import org.junit.jupiter.params.provider.MethodSource;

/// What comes with ImageNet: its structures of MATLAB's, the classes of the test images, and both in an archive that
/// gzip compressed.
class DevkitFuzz {
    /// Deflate makes 1,032 bytes of one, and of an archive they are held twice.
    private static final Bounds BOUNDS = new Bounds(DataException.class, 4 << 20, 4 * 1032);

    private static final DiskFolder META = new DiskFolder("meta");
    private static final DiskFolder TRUTH = new DiskFolder("truth");
    private static final DiskFolder PACKED = new DiskFolder("packed");
    private static final String FIXTURES = "nn/src/test/resources/org/jmoco/nn/data/source";
    private static final String DATA = "ILSVRC2012_devkit_t12/data/";

    static {
        byte[] png = PngWriter.encode(new RgbImage(1, 1));
        for (DiskFolder folder : List.of(META, TRUTH, PACKED)) {
            folder.write("ILSVRC2012_img_val/ILSVRC2012_val_00000001.JPEG", png);
            folder.write("ILSVRC2012_img_val/ILSVRC2012_val_00000002.JPEG", png);
        }
        META.write(DATA + "ILSVRC2012_validation_ground_truth.txt", "1\n3\n".getBytes(StandardCharsets.US_ASCII));
        TRUTH.write(
                DATA + "meta.mat", Seeds.files(FIXTURES, "meta.mat").findFirst().orElseThrow());
    }

    static Stream<byte[]> seeds() {
        byte[] meta = Seeds.files(FIXTURES, "meta.mat").findFirst().orElseThrow();
        String content = new String(meta, StandardCharsets.ISO_8859_1);
        return Stream.concat(
                Seeds.files(FIXTURES, "meta.mat", "meta-compressed.mat"),
                Stream.of(
                        "2\n1\n".getBytes(StandardCharsets.US_ASCII),
                        IdxFuzz.packed(TarFuzz.tar(DATA + "meta.mat", content))));
    }

    /// The same bytes in the place of each.
    @MethodSource("seeds")
    @FuzzTest(maxDuration = "20s")
    void kit(byte[] file) {
        META.write(DATA + "meta.mat", file);
        TRUTH.write(DATA + "ILSVRC2012_validation_ground_truth.txt", file);
        PACKED.write("ILSVRC2012_devkit_t12.tar.gz", file);
        for (DiskFolder folder : List.of(META, TRUTH, PACKED)) {
            BOUNDS.hold(
                    file, bytes -> RecordsFuzz.look(DataSpec.of(folder.root()).images(Split.TEST)));
        }
    }
}
