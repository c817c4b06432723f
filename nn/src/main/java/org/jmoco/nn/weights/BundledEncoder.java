package org.jmoco.nn.weights;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jmoco.tensor.io.MappedFile;

/// The encoder that comes with jmoco, so that everything downstream of pre-training can be tried without hours of
/// it: a ResNet-18 with a quarter of the channels for images of 32×32, trained by MoCo v2 on all of CIFAR-10
/// without labels. Its card, `bundled.md` beside it, says by which recipe, where, and what it reaches.
///
/// ```java
/// Encoder encoder = Encoder.read(Path.of(BundledEncoder.NAME));
/// ```
public final class BundledEncoder {
    /// What stands for it wherever a file of weights is named.
    public static final String NAME = "bundled";

    private static final String RESOURCE = "bundled.safetensors";

    private BundledEncoder() {}

    /// The content of a file of weights: of the bundled one if it is named and no file has that name.
    ///
    /// @throws UncheckedIOException if the file cannot be read
    public static MemorySegment orFile(Path file) {
        return isNamed(file) ? content() : MappedFile.read(file);
    }

    /// Whether a path stands for the bundled encoder.
    public static boolean isNamed(Path file) {
        return file.toString().equals(NAME) && !Files.exists(file);
    }

    private static MemorySegment content() {
        try (InputStream in = BundledEncoder.class.getResourceAsStream(RESOURCE)) {
            return MemorySegment.ofArray(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("the bundled encoder cannot be read: " + e.getMessage(), e);
        }
    }
}
