package org.jmoco.nn.train;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.FormatException;
import org.jmoco.tensor.io.SafeTensors;

/// Saved states of a run, one safetensors file each: `checkpoints/step-00000060.safetensors`.
///
/// A file appears under its name only when it is whole and on the disk (temporary file, fsync, rename), and
/// carries a checksum over names, shapes and values, so a damaged one is told from a good one.
final class Checkpoints {
    private static final Pattern NAME = Pattern.compile("step-(\\d{8,})\\.safetensors");
    private static final String CHECKSUM = "crc32c";
    private static final String STEP = "step";

    private final Path folder;
    private final int keep;

    /// @param keep how many of the newest are kept, at least 1
    public Checkpoints(Path folder, int keep) {
        this.folder = folder;
        this.keep = keep;
    }

    /// A saved state.
    ///
    /// @param step     steps done when it was saved
    /// @param arrays   every array of the state
    /// @param metadata what else was said about it
    record State(long step, Map<String, ArrayData> arrays, Map<String, String> metadata) {}

    /// Saves a state, then deletes the oldest ones beyond those to keep.
    public Path save(State state) {
        Map<String, String> metadata = new TreeMap<>(state.metadata());
        metadata.put(STEP, Long.toString(state.step()));
        metadata.put(CHECKSUM, checksum(state.arrays()));
        Path file = folder.resolve(String.format(Locale.ROOT, "step-%08d.safetensors", state.step()));
        SafeTensors.write(file, state.arrays(), metadata);
        List<Path> all = list();
        for (Path old : all.subList(0, Math.max(0, all.size() - keep))) {
            delete(old);
        }
        return file;
    }

    /// Deletes all of them.
    void deleteAll() {
        list().forEach(Checkpoints::delete);
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new RunException("the old checkpoint " + file + " cannot be deleted: " + RunException.reason(e), e);
        }
    }

    /// All checkpoints, oldest first.
    public List<Path> list() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> found = new ArrayList<>(
                    files.filter(f -> NAME.matcher(f.getFileName().toString()).matches())
                            .toList());
            found.sort(Comparator.comparingLong(Checkpoints::step));
            return found;
        } catch (IOException e) {
            throw new RunException("the folder " + folder + " cannot be read: " + RunException.reason(e), e);
        }
    }

    private static long step(Path file) {
        Matcher m = NAME.matcher(file.getFileName().toString());
        return m.matches() ? Long.parseLong(m.group(1)) : -1;
    }

    /// The newest state; empty if there is none.
    ///
    /// @throws RunException if it is damaged, saying how to go on from the one before
    public Optional<State> latest() {
        List<Path> all = list();
        if (all.isEmpty()) {
            return Optional.empty();
        }
        Path newest = all.getLast();
        try {
            return Optional.of(read(newest));
        } catch (FormatException e) {
            String advice = all.size() == 1
                    ? "it is the only one: delete it to start from step 0"
                    : "delete it to go on from " + all.get(all.size() - 2).getFileName();
            throw new RunException("checkpoint " + newest + " is damaged (" + e.getMessage() + "); " + advice, e);
        }
    }

    /// Reads one checkpoint and checks it.
    ///
    /// @throws FormatException if it is not whole
    public static State read(Path file) {
        return checked(file.toString(), SafeTensors.read(file));
    }

    /// As [#read], of a file's contents.
    static State parse(String name, MemorySegment file) {
        return checked(name, SafeTensors.parse(name, file));
    }

    private static State checked(String name, SafeTensors tensors) {
        String written = tensors.metadata().get(CHECKSUM);
        if (written == null || !tensors.metadata().containsKey(STEP)) {
            throw new FormatException(name, "not a checkpoint of a run: it carries no step and checksum");
        }
        if (!written.equals(checksum(tensors.arrays()))) {
            throw new FormatException(name, "its contents do not fit its checksum");
        }
        return new State(Long.parseLong(tensors.metadata().get(STEP)), tensors.arrays(), tensors.metadata());
    }

    /// Of names, shapes and values.
    static String checksum(Map<String, ArrayData> arrays) {
        CRC32C crc = new CRC32C();
        new TreeMap<>(arrays).forEach((name, array) -> {
            crc.update(
                    (name + array.type() + java.util.Arrays.toString(array.shape())).getBytes(StandardCharsets.UTF_8));
            MemorySegment payload = array.payload();
            for (long at = 0; at < payload.byteSize(); at += 1 << 30) {
                ByteBuffer part = payload.asSlice(at, Math.min(1 << 30, payload.byteSize() - at))
                        .asByteBuffer();
                crc.update(part);
            }
        });
        return Long.toHexString(crc.getValue());
    }
}
