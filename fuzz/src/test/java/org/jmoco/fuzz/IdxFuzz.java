package org.jmoco.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.source.Idx;
import org.jmoco.nn.data.source.InMemoryImages;
import org.junit.jupiter.params.provider.MethodSource;

/// IDX images and labels, plain or gzipped: the same bytes are read as either, beside a sound file of the other kind.
class IdxFuzz {
    /// Deflate makes 1,032 bytes of one, and a gray value becomes three.
    private static final Bounds BOUNDS = new Bounds(DataException.class, 2 << 20, 8 * 1032);

    private static final Folder FOLDER = new Folder();
    private static final byte[] IMAGES = idx(0x0803, 2, 2, 3);
    private static final byte[] LABELS = idx(0x0801, 2);
    private static final Path SOUND_IMAGES = FOLDER.write("sound-images", IMAGES);
    private static final Path SOUND_LABELS = FOLDER.write("sound-labels", LABELS);

    static Stream<byte[]> seeds() {
        return Stream.of(IMAGES, LABELS, packed(IMAGES), packed(LABELS));
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "20s")
    void idx(byte[] file) {
        Path path = FOLDER.write("file", file);
        BOUNDS.hold(file, bytes -> look(Idx.read(path, SOUND_LABELS, Idx.MNIST_CLASSES)));
        BOUNDS.hold(file, bytes -> look(Idx.read(SOUND_IMAGES, path, Idx.MNIST_CLASSES)));
    }

    static void look(InMemoryImages images) {
        for (int i = 0; i < images.size(); i++) {
            if (images.label(i) < 0 || images.label(i) >= images.classes().size()) {
                throw new AssertionError("image " + i + " has the label " + images.label(i));
            }
        }
        images.load(images.size() - 1);
    }

    private static byte[] idx(int magic, int... sizes) {
        int values = java.util.Arrays.stream(sizes).reduce(1, (a, b) -> a * b);
        ByteBuffer file = ByteBuffer.allocate(4 + 4 * sizes.length + values).putInt(magic);
        for (int size : sizes) {
            file.putInt(size);
        }
        while (file.hasRemaining()) {
            file.put((byte) (file.position() % 10));
        }
        return file.array();
    }

    static byte[] packed(byte[] bytes) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }
}
