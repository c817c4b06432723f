package org.jmoco.nn.data.source;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.jmoco.nn.data.LongLook;
import org.jmoco.nn.data.UserCache;

/// What lies in the folders below one, kept from one listing to the next and, where they are large, from one start
/// to the next in the user's cache folder: to ask for each of many files what it is takes long, on a network disk
/// minutes.
///
/// A folder is listed anew unless its identity, its time of modification and its time of change are those of its
/// last listing: the system sets the latter whenever a name comes, goes or is replaced, and nobody else can.
/// Nothing is kept where there is doubt: of folders with links in them, whose targets may become something else;
/// of folders that changed just before they were listed, as times are coarse; of names that do not survive as
/// text; on systems without such times.
final class FolderIndex {
    /// What a name stands for, links followed.
    enum What {
        FOLDER,
        FILE,
        /// A pipe, a socket or a device.
        SPECIAL,
        /// A link that leads nowhere or in a circle.
        NOTHING
    }

    /// @param linked whether it is a link
    record Entry(Path file, What what, boolean linked) {}

    /// One folder as it was listed.
    private record Listed(Identity identity, List<String> names, byte[] whats) {}

    /// @param modified,changed in nanoseconds since 1970
    private record Identity(long device, long inode, long modified, long changed) {
        static Optional<Identity> of(Path folder) {
            try {
                Map<String, Object> all = Files.readAttributes(folder, "unix:dev,ino,lastModifiedTime,ctime");
                return Optional.of(new Identity(
                        ((Number) all.get("dev")).longValue(),
                        ((Number) all.get("ino")).longValue(),
                        ((FileTime) all.get("lastModifiedTime")).to(TimeUnit.NANOSECONDS),
                        ((FileTime) all.get("ctime")).to(TimeUnit.NANOSECONDS)));
            } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
                return Optional.empty();
            }
        }

        /// Whether a change from now on would show. Where times are whole seconds, clocks of servers are old too.
        boolean isSettled(long nowMillis) {
            long last = Math.max(modified, changed);
            boolean coarse = last % TimeUnit.SECONDS.toNanos(1) == 0;
            return last
                    < TimeUnit.MILLISECONDS.toNanos(nowMillis)
                            - TimeUnit.SECONDS.toNanos(coarse ? SETTLED_SECONDS_COARSE : SETTLED_SECONDS);
        }
    }

    private static final long SETTLED_SECONDS = 3;
    private static final long SETTLED_SECONDS_COARSE = 60;

    /// With fewer files listing is a matter of milliseconds.
    private static final int WORTH_KEEPING = 5_000;

    /// So many files of a folder are asked for by several threads: network disks answer them at once.
    private static final int MANY = 512;

    private static final String FORM = "jmoco folder index 1";
    private static final int REMEMBERED = 8;
    private static final Map<Path, FolderIndex> LAST = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, FolderIndex> eldest) {
            return size() > REMEMBERED;
        }
    };

    private final Optional<Path> file;
    private final int worthKeeping;
    private final LongSupplier nowMillis;
    private final AtomicInteger listed = new AtomicInteger();
    private final Map<String, Listed> folders = new ConcurrentHashMap<>();
    private volatile boolean changed;

    /// @param file where it is kept, if anywhere   @param worthKeeping from how many files on
    /// @param nowMillis the clock
    FolderIndex(Optional<Path> file, int worthKeeping, LongSupplier nowMillis) {
        this.file = file;
        this.worthKeeping = worthKeeping;
        this.nowMillis = nowMillis;
        file.filter(Files::isRegularFile).ifPresent(this::read);
    }

    /// The index of what lies below a folder.
    static FolderIndex of(Path root) {
        Path whole = root.toAbsolutePath().normalize();
        synchronized (LAST) {
            return LAST.computeIfAbsent(
                    whole,
                    r -> new FolderIndex(UserCache.file("folders", r), WORTH_KEEPING, System::currentTimeMillis));
        }
    }

    /// What lies in a folder, by name.
    ///
    /// @param look that it is part of
    /// @throws IOException if it is missing or cannot be listed   @throws DirectoryIteratorException likewise
    List<Entry> list(Path folder, LongLook look) throws IOException {
        String path = folder.toAbsolutePath().normalize().toString();
        Optional<Identity> identity = Identity.of(folder);
        Listed known = folders.get(path);
        if (known != null && identity.equals(Optional.of(known.identity))) {
            List<Entry> entries = new ArrayList<>(known.names.size());
            int files = 0;
            for (int i = 0; i < known.whats.length; i++) {
                What what = What.values()[known.whats[i]];
                entries.add(new Entry(folder.resolve(known.names.get(i)), what, false));
                files += what == What.FOLDER ? 0 : 1;
            }
            look.found(files, 0);
            return entries;
        }
        long now = nowMillis.getAsLong();
        listed.incrementAndGet();
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            stream.forEach(children::add);
        }
        Stream<Path> each = children.size() < MANY ? children.stream() : children.parallelStream();
        List<Entry> entries = each.map(child -> entry(child, look))
                .sorted(Comparator.comparing(e -> e.file.toString()))
                .toList();
        boolean sure = identity.isPresent()
                && identity.get().isSettled(now)
                && entries.stream().noneMatch(Entry::linked)
                && entries.stream()
                        .allMatch(e ->
                                folder.resolve(e.file.getFileName().toString()).equals(e.file));
        if (sure) {
            byte[] whats = new byte[entries.size()];
            for (int i = 0; i < whats.length; i++) {
                whats[i] = (byte) entries.get(i).what.ordinal();
            }
            folders.put(
                    path,
                    new Listed(
                            identity.get(),
                            entries.stream()
                                    .map(e -> e.file.getFileName().toString())
                                    .toList(),
                            whats));
        } else {
            folders.remove(path);
        }
        changed = true;
        return entries;
    }

    /// How many folders were listed anew.
    int listed() {
        return listed.get();
    }

    private static Entry entry(Path file, LongLook look) {
        Entry entry = entry(file);
        look.found(entry.what == What.FOLDER ? 0 : 1, 0);
        return entry;
    }

    private static Entry entry(Path file) {
        boolean linked = false;
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            linked = attributes.isSymbolicLink();
            if (linked) {
                attributes = Files.readAttributes(file, BasicFileAttributes.class);
            }
            What what = attributes.isDirectory() ? What.FOLDER : attributes.isRegularFile() ? What.FILE : What.SPECIAL;
            return new Entry(file, what, linked);
        } catch (IOException e) {
            // What went since it was listed is as doubtful as a link.
            return new Entry(file, What.NOTHING, true);
        }
    }

    /// Keeps what was listed, if it is worth it and can be written: else only time is lost.
    void keep() {
        int files = folders.values().stream().mapToInt(l -> l.whats.length).sum();
        if (!changed || file.isEmpty() || files < worthKeeping) {
            return;
        }
        changed = false;
        Path place = file.get();
        try {
            Files.createDirectories(place.getParent());
            Path part = Files.createTempFile(place.getParent(), "folders", ".part");
            try {
                Files.write(part, bytes());
                Files.move(part, place, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            System.getLogger(FolderIndex.class.getName()).log(System.Logger.Level.DEBUG, () -> place + ": " + e);
        }
    }

    private byte[] bytes() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(all);
        out.writeUTF(FORM);
        out.writeInt(folders.size());
        for (Map.Entry<String, Listed> one : folders.entrySet()) {
            Listed listed = one.getValue();
            out.writeUTF(one.getKey());
            out.writeLong(listed.identity.device);
            out.writeLong(listed.identity.inode);
            out.writeLong(listed.identity.modified);
            out.writeLong(listed.identity.changed);
            out.writeInt(listed.whats.length);
            for (int i = 0; i < listed.whats.length; i++) {
                out.writeByte(listed.whats[i]);
                out.writeUTF(listed.names.get(i));
            }
        }
        CRC32 sum = new CRC32();
        sum.update(all.toByteArray());
        out.writeLong(sum.getValue());
        return all.toByteArray();
    }

    /// A file that is damaged, or of another form, is as good as none.
    private void read(Path kept) {
        Map<String, Listed> found = new ConcurrentHashMap<>();
        try {
            byte[] all = Files.readAllBytes(kept);
            int length = all.length - Long.BYTES;
            CRC32 sum = new CRC32();
            sum.update(all, 0, Math.max(0, length));
            if (length < 0 || ByteBuffer.wrap(all).getLong(length) != sum.getValue()) {
                return;
            }
            try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(all, 0, length))) {
                if (!in.readUTF().equals(FORM)) {
                    return;
                }
                for (int f = in.readInt(); f > 0; f--) {
                    String path = in.readUTF();
                    Identity identity = new Identity(in.readLong(), in.readLong(), in.readLong(), in.readLong());
                    byte[] whats = new byte[in.readInt()];
                    List<String> names = new ArrayList<>(whats.length);
                    for (int i = 0; i < whats.length; i++) {
                        whats[i] = in.readByte();
                        names.add(in.readUTF());
                    }
                    found.put(path, new Listed(identity, names, whats));
                }
                folders.putAll(found);
            }
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            System.getLogger(FolderIndex.class.getName()).log(System.Logger.Level.DEBUG, () -> kept + ": " + e);
        }
    }
}
