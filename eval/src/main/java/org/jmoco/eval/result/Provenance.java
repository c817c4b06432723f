package org.jmoco.eval.result;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jmoco.nn.weights.BundledEncoder;
import org.jmoco.tensor.io.MappedFile;

/// What a result was made from. It holds no times and no machine, so the same inputs give the same bytes.
///
/// @param software name and version @param config every setting that could change the numbers, in order: text,
///     numbers, booleans, or lists of them
/// @param seed of all that was drawn @param inputs files and folders that were read
public record Provenance(String software, Map<String, Object> config, long seed, List<Input> inputs) {

    private static final long CHUNK = 1 << 22;

    /// @param inputs none, one or more, in the order in which they are listed
    public Provenance {
        config = Collections.unmodifiableMap(new LinkedHashMap<>(config));
        inputs = List.copyOf(inputs);
    }

    /// Something that was read.
    ///
    /// @param role what it is, such as `features` or `checkpoint` @param name as the user gave it @param sha256 of
    ///     its content, 64 hexadecimal digits
    public record Input(String role, String name, String sha256) {

        /// A file, by all its bytes.
        ///
        /// @throws java.io.UncheckedIOException if it cannot be read
        public static Input file(String role, Path file) {
            return bytes(role, file.toString(), MappedFile.read(file));
        }

        /// A file of weights, which may be the bundled encoder.
        ///
        /// @throws java.io.UncheckedIOException if it cannot be read
        public static Input weights(Path file) {
            return bytes("checkpoint", file.toString(), BundledEncoder.orFile(file));
        }

        /// Bytes in memory, such as features that were computed.
        public static Input bytes(String role, String name, MemorySegment content) {
            MessageDigest digest = newDigest();
            update(digest, content);
            return new Input(role, name, HexFormat.of().formatHex(digest.digest()));
        }

        /// Lines of text, each ended by a newline, such as the names and labels of a data set's images.
        public static Input lines(String role, String name, Stream<String> lines) {
            MessageDigest digest = newDigest();
            lines.forEachOrdered(line -> digest.update((line + "\n").getBytes(StandardCharsets.UTF_8)));
            return new Input(role, name, HexFormat.of().formatHex(digest.digest()));
        }

        private static void update(MessageDigest digest, MemorySegment bytes) {
            for (long at = 0; at < bytes.byteSize(); at += CHUNK) {
                digest.update(bytes.asSlice(at, Math.min(CHUNK, bytes.byteSize() - at))
                        .asByteBuffer());
            }
        }

        private static MessageDigest newDigest() {
            try {
                return MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has SHA-256", e);
            }
        }
    }

    /// The same with further inputs.
    public Provenance plus(Input... more) {
        List<Input> all = new ArrayList<>(inputs);
        all.addAll(List.of(more));
        return new Provenance(software, config, seed, all);
    }
}
