package org.jmoco.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.archive.Archives;
import org.junit.jupiter.params.provider.MethodSource;

/// Tar archives that are read in place: whatever is in one, every path lies below the archive and every file's
/// bytes are some of the archive's.
class TarFuzz {
    /// An entry of 512 bytes becomes a name of some thousand at most, some objects, and its bytes once more.
    static final Bounds BOUNDS = new Bounds(DataException.class, 4 << 20, 400);

    static final Path ROOT = root();

    private static Path root() {
        try {
            return Files.createTempDirectory("fuzz-tar").toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<byte[]> archives() {
        String folder = "nn/src/test/resources/org/jmoco/nn/data/archive";
        byte[] inner = tar("1.png", "123");
        byte[] sample = join(Arrays.copyOf(tar("k.png", "12"), 1024), tar("k.cls", "7"));
        return Stream.concat(
                Seeds.files(
                        folder,
                        "gnu-tar-gnu.tar.gz",
                        "gnu-tar-oldgnu.tar.gz",
                        "gnu-tar-posix.tar.gz",
                        "gnu-tar-ustar.tar.gz",
                        "gnu-tar-v7.tar.gz",
                        "python-gnu.tar.gz",
                        "python-pax.tar.gz"),
                Stream.of(inner, sample, tar("n01.tar", new String(inner, StandardCharsets.ISO_8859_1))));
    }

    /// As it stands, and with the sums of all headers put right, which no mutation finds.
    @MethodSource("archives")
    @FuzzTest(maxDuration = "20s")
    void archive(byte[] file) {
        BOUNDS.hold(file, bytes -> look(written("x.tar", bytes)));
        byte[] signed = signed(file);
        BOUNDS.hold(signed, bytes -> look(written("y.tar", bytes)));
    }

    private static Path written(String name, byte[] bytes) throws IOException {
        return Files.write(ROOT.resolve(name), bytes);
    }

    static void look(Path tar) throws IOException {
        Path top = Archives.folder(tar, f -> false, name -> false);
        long length = Files.size(tar);
        List<Path> all;
        try (Stream<Path> walk = Files.walk(top)) {
            all = walk.toList();
        }
        for (Path path : all) {
            if (!path.normalize().startsWith(top) || !path.toString().startsWith(tar.toString())) {
                throw new AssertionError("leads out of the archive: " + path);
            }
            if (Files.isRegularFile(path) && Files.readAllBytes(path).length > length) {
                throw new AssertionError("longer than the archive: " + path);
            }
        }
        for (Path archive : Archives.in(top)) {
            Archives.samples(archive).forEach(s -> {
                if (!Files.exists(s.file())) {
                    throw new AssertionError("no such file: " + s.file());
                }
            });
        }
    }

    private static byte[] signed(byte[] file) {
        byte[] tar = file.clone();
        for (int at = 0; at + 512 <= tar.length; at += 512) {
            if (tar[at + 257] == 'u' && tar[at + 258] == 's') {
                sign(tar, at);
            }
        }
        return tar;
    }

    private static void sign(byte[] tar, int at) {
        Arrays.fill(tar, at + 148, at + 156, (byte) ' ');
        int sum = 0;
        for (int i = 0; i < 512; i++) {
            sum += tar[at + i] & 0xFF;
        }
        byte[] digits = "%06o\0 ".formatted(sum).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(digits, 0, tar, at + 148, 8);
    }

    /// An archive of one file.
    static byte[] tar(String name, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        byte[] tar = new byte[512 + (bytes.length + 511) / 512 * 512 + 1024];
        System.arraycopy(name.getBytes(StandardCharsets.US_ASCII), 0, tar, 0, name.length());
        byte[] size = "%011o".formatted(bytes.length).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(size, 0, tar, 124, size.length);
        tar[156] = '0';
        System.arraycopy("ustar\0".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 6);
        sign(tar, 0);
        System.arraycopy(bytes, 0, tar, 512, bytes.length);
        return tar;
    }

    static byte[] join(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }
}
