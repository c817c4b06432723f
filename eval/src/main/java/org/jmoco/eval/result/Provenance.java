package org.jmoco.eval.result;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
import org.jmoco.tensor.io.MappedFile;

/// What a result was made from. It holds no times and no machine, so the same inputs give the same bytes.
///
/// @param software name and version @param config every setting that could change the numbers, in order: text, numbers, booleans, or lists of them
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
    /// @param role what it is, such as `features` or `checkpoint` @param name as the user gave it @param sha256 of its content, 64 hexadecimal digits
    public record Input(String role, String name, String sha256) {

        /// A file, by all its bytes.
        ///
        /// @throws java.io.UncheckedIOException if it cannot be read
        public static Input file(String role, Path file) {
            MessageDigest digest = newDigest();
            update(digest, MappedFile.read(file));
            return new Input(role, file.toString(), HexFormat.of().formatHex(digest.digest()));
        }

        /// A data set of many files: by path below `folder` and length of each, and by all bytes of those that are small (label lists; not the images).
        ///
        /// @param files below `folder`, in a fixed order @param wholeUpTo length in bytes up to which a file's content counts
        /// @throws java.io.UncheckedIOException if one cannot be read
        public static Input files(String role, Path folder, Stream<Path> files, long wholeUpTo) {
            MessageDigest digest = newDigest();
            files.forEachOrdered(file -> {
                try {
                    long length = Files.size(file);
                    digest.update((folder.relativize(file) + "\0" + length + "\0").getBytes(StandardCharsets.UTF_8));
                    if (length > 0 && length <= wholeUpTo) {
                        update(digest, MappedFile.read(file));
                    }
                } catch (IOException e) {
                    throw MappedFile.failed("read", file, e);
                }
            });
            return new Input(role, folder.toString(), HexFormat.of().formatHex(digest.digest()));
        }

        private static void update(MessageDigest digest, MemorySegment bytes) {
            for (long at = 0; at < bytes.byteSize(); at += CHUNK) {
                digest.update(bytes.asSlice(at, Math.min(CHUNK, bytes.byteSize() - at)).asByteBuffer());
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
