package org.jmoco.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.image.PngWriter;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.DataSpec;
import org.jmoco.nn.data.source.Split;
import org.junit.jupiter.params.provider.MethodSource;

/// Classes in the samples of tar shards, as a number, a name or JSON, and whole shards that are opened as a data set.
class ShardFuzz {
    private static final Bounds BOUNDS = new Bounds(DataException.class, 4 << 20, 4096);
    private static final DiskFolder FOLDER = new DiskFolder("shards");
    private static final String IMAGE = new String(PngWriter.encode(new RgbImage(1, 1)), StandardCharsets.ISO_8859_1);

    static Stream<byte[]> seeds() {
        return Stream.concat(
                Seeds.texts(
                        "7",
                        "cat\n",
                        "-1",
                        "999999999",
                        "{\"cls\": 3}",
                        "{\"a\": [1, {\"cls\": 2}], \"label\": \"dog\"}",
                        "{\"class\": 1.5, \"text\": \"\\u009b\"}"),
                Stream.of(shard("cls", "7".getBytes(StandardCharsets.US_ASCII))));
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "20s")
    void shard(byte[] file) {
        byte[] cls = shard("cls", file);
        byte[] json = shard("json", file);
        FOLDER.write("cls/train-000000.tar", cls);
        FOLDER.write("json/train-000000.tar", json);
        FOLDER.write("whole/train-000000.tar", file);
        BOUNDS.hold(cls, bytes -> open("cls"));
        BOUNDS.hold(json, bytes -> open("json"));
        BOUNDS.hold(file, bytes -> open("whole"));
    }

    private static void open(String folder) {
        RecordsFuzz.look(DataSpec.of(FOLDER.root().resolve(folder)).images(Split.TRAIN));
    }

    /// One sample.
    private static byte[] shard(String extension, byte[] said) {
        byte[] image = TarFuzz.tar("000017.png", IMAGE);
        return TarFuzz.join(
                Arrays.copyOf(image, image.length - 1024),
                TarFuzz.tar("000017." + extension, new String(said, StandardCharsets.ISO_8859_1)));
    }
}
