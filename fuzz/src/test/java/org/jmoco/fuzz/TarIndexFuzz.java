package org.jmoco.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.params.provider.MethodSource;

/// Indexes that are kept of tar archives, as anybody may have written them, with sums that are right.
class TarIndexFuzz {
    private static final int WAYS = 32;
    private static int round;

    static Stream<byte[]> indexes() {
        ByteBuffer one = ByteBuffer.allocate(200);
        utf(one, "jmoco archive index 1");
        one.putLong(SOUND.length).putLong(1_000_000_000L);
        one.putInt(1);
        utf(one, "cat");
        one.putInt(1);
        utf(one, "1.png");
        one.putLong(512).putLong(3).putInt(0).putInt(0);
        return Stream.of(Arrays.copyOf(one.array(), one.position()));
    }

    private static final byte[] SOUND = TarFuzz.tar("1.png", "123");

    /// An index beside a sound archive, with the right sum.
    @MethodSource("indexes")
    @FuzzTest(maxDuration = "20s")
    void index(byte[] body) throws IOException {
        Path tar = TarFuzz.ROOT.resolve("z.tar");
        if (!Files.exists(tar)) {
            Files.write(tar, SOUND);
            Files.setLastModifiedTime(tar, FileTime.fromMillis(1_000));
        }
        CRC32 sum = new CRC32();
        sum.update(body);
        ByteBuffer whole = ByteBuffer.allocate(body.length + 8).put(body).putLong(sum.getValue());
        Files.write(TarFuzz.ROOT.resolve("z.tar.jmoco-index"), whole.array());
        // Another way to write the same path: what is open already is not opened again.
        Path given = Path.of(TarFuzz.ROOT + "/./".repeat(1 + round++ % WAYS) + "z.tar");
        TarFuzz.BOUNDS.hold(body, bytes -> TarFuzz.look(given));
    }

    private static void utf(ByteBuffer to, String text) {
        to.putShort((short) text.length());
        to.put(text.getBytes(StandardCharsets.US_ASCII));
    }
}
