package org.jmoco.nn.data.archive;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.UserCache;

/// The index of an archive, kept from one start to the next: beside the archive, as `ARCHIVE.jmoco-index`, or in
/// the user's cache folder where that cannot be written. One that is damaged, of another form, or of an archive of
/// another length or time is as good as none.
final class IndexFile {
    /// To read fewer headers takes some ten milliseconds.
    static final int WORTH_KEEPING = 1_000;

    static final String SUFFIX = ".jmoco-index";
    private static final String FORM = "jmoco archive index 1";

    private IndexFile() {}

    /// The kept index of an archive, if there is one that is true of it.
    static Optional<TarIndex> read(Path archive, Archive.State state) {
        return places(archive).stream()
                .filter(Files::isRegularFile)
                .flatMap(file -> read(file, archive, state).stream())
                .findFirst();
    }

    /// Keeps an index, if it is worth it and there is a place for it: else only time is lost.
    static void keep(Path archive, Archive.State state, TarIndex index) {
        if (index.files() < WORTH_KEEPING) {
            return;
        }
        for (Path place : places(archive)) {
            try {
                Path folder = place.toAbsolutePath().getParent();
                if (!place.equals(beside(archive))) {
                    Files.createDirectories(folder);
                }
                Path part = Files.createTempFile(folder, ".jmoco-index", ".part");
                try {
                    write(part, state, index);
                    Files.move(part, place, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
                    return;
                } finally {
                    Files.deleteIfExists(part);
                }
            } catch (IOException | UnsupportedOperationException e) {
                System.getLogger(IndexFile.class.getName()).log(System.Logger.Level.DEBUG, () -> place + ": " + e);
            }
        }
    }

    private static Path beside(Path archive) {
        return archive.resolveSibling(archive.getFileName() + SUFFIX);
    }

    private static List<Path> places(Path archive) {
        List<Path> places = new ArrayList<>(List.of(beside(archive)));
        UserCache.file("archives", archive.toAbsolutePath().normalize()).ifPresent(places::add);
        return places;
    }

    private static void write(Path file, Archive.State state, TarIndex index) throws IOException {
        CheckedOutputStream sum =
                new CheckedOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16), new CRC32());
        try (DataOutputStream out = new DataOutputStream(sum)) {
            out.writeUTF(FORM);
            out.writeLong(state.size());
            out.writeLong(state.modified());
            Map<String, Integer> classes = new HashMap<>();
            List<String> inOrder = new ArrayList<>();
            for (String one : index.classes()) {
                if (one != null && classes.putIfAbsent(one, inOrder.size()) == null) {
                    inOrder.add(one);
                }
            }
            out.writeInt(inOrder.size());
            for (String one : inOrder) {
                out.writeUTF(one);
            }
            out.writeInt(index.files());
            for (int i = 0; i < index.files(); i++) {
                out.writeUTF(index.names()[i]);
                out.writeLong(index.offsets()[i]);
                out.writeLong(index.lengths()[i]);
                out.writeInt(index.headers()[i]);
                out.writeInt(index.classes()[i] == null ? -1 : classes.get(index.classes()[i]));
            }
            out.writeLong(sum.getChecksum().getValue());
        }
    }

    private static Optional<TarIndex> read(Path file, Path archive, Archive.State state) {
        try {
            byte[] all = Files.readAllBytes(file);
            int length = all.length - Long.BYTES;
            CRC32 sum = new CRC32();
            sum.update(all, 0, Math.max(0, length));
            if (length < 0 || ByteBuffer.wrap(all).getLong(length) != sum.getValue()) {
                return Optional.empty();
            }
            return parse(all, length, archive, state);
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            System.getLogger(IndexFile.class.getName()).log(System.Logger.Level.DEBUG, () -> file + ": " + e);
            return Optional.empty();
        }
    }

    private static Optional<TarIndex> parse(byte[] all, int length, Path archive, Archive.State state)
            throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(all, 0, length))) {
            if (!in.readUTF().equals(FORM) || in.readLong() != state.size() || in.readLong() != state.modified()) {
                return Optional.empty();
            }
            String[] classes = new String[requireCount(in.readInt(), length)];
            for (int c = 0; c < classes.length; c++) {
                classes[c] = in.readUTF();
            }
            int n = requireCount(in.readInt(), length);
            TarIndex index = new TarIndex(new String[n], new long[n], new long[n], new int[n], new String[n]);
            for (int i = 0; i < n; i++) {
                index.names()[i] = in.readUTF();
                index.offsets()[i] = in.readLong();
                index.lengths()[i] = in.readLong();
                index.headers()[i] = in.readInt();
                int named = in.readInt();
                index.classes()[i] = named < 0 ? null : classes[named];
                long offset = index.offsets()[i];
                if (!TarReader.isSafe(index.names()[i])
                        || offset < TarHeader.BLOCK
                        || offset > state.size()
                        || index.lengths()[i] < 0
                        || index.lengths()[i] > state.size() - offset) {
                    return Optional.empty();
                }
            }
            TarReader.requireEachOnce(index, archive.toString());
            return Optional.of(index);
        } catch (DataException e) {
            return Optional.empty();
        }
    }

    /// Each counted thing takes two bytes at least.
    private static int requireCount(int count, int bytes) throws IOException {
        if (count < 0 || count > bytes / 2) {
            throw new IOException("a count of " + count);
        }
        return count;
    }
}
