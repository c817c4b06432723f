package org.jmoco.nn.data.source;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
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

    /// @param name   of the file   @param odd the file itself, if its name does not survive as text
    /// @param linked whether it is a link
    record Entry(Path folder, String name, Optional<Path> odd, What what, boolean linked) {
        Path file() {
            return odd.orElseGet(() -> folder.resolve(name));
        }
    }

    /// One folder as it was listed.
    ///
    /// @param whats what each name stands for   @param names of all of it, sorted
    private record Listed(Identity identity, byte[] whats, Names names) {
        static Listed of(Identity identity, List<Entry> entries) {
            byte[] whats = new byte[entries.size()];
            boolean files = true;
            for (int i = 0; i < whats.length; i++) {
                whats[i] = (byte) entries.get(i).what.ordinal();
                files &= entries.get(i).what == What.FILE;
            }
            return new Listed(
                    identity, whats, Names.of(entries.stream().map(Entry::name).toList(), files));
        }

        /// Whether it could have been written: an index is no more than a file.
        boolean isWhole() {
            for (byte what : whats) {
                if (what < 0 || what >= WHATS.length) {
                    return false;
                }
            }
            return names.size() == whats.length && names.isWhole();
        }

        List<Entry> entries(Path folder) {
            List<Entry> entries = new ArrayList<>(whats.length);
            for (int i = 0; i < whats.length; i++) {
                entries.add(new Entry(folder, names.get(i), Optional.empty(), WHATS[whats[i]], false));
            }
            return entries;
        }
    }

    private static final What[] WHATS = What.values();

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

    private static final String FORM = "jmoco folder index 2";
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

    /// The names of what lies in a folder, if that is known and nothing but files of one extension that are not hidden.
    ///
    /// @param look that it is part of
    Optional<Names> alike(Path folder, LongLook look) {
        Optional<Names> names = known(folder, Identity.of(folder))
                .map(Listed::names)
                .filter(n -> !n.extension().isEmpty());
        names.ifPresent(n -> look.found(n.size(), 0));
        return names;
    }

    private Optional<Listed> known(Path folder, Optional<Identity> identity) {
        return Optional.ofNullable(folders.get(key(folder))).filter(k -> identity.equals(Optional.of(k.identity)));
    }

    private static String key(Path folder) {
        return folder.toAbsolutePath().normalize().toString();
    }

    /// What lies in a folder, by name.
    ///
    /// @param look that it is part of
    /// @throws IOException if it is missing or cannot be listed   @throws DirectoryIteratorException likewise
    List<Entry> list(Path folder, LongLook look) throws IOException {
        Optional<Identity> identity = Identity.of(folder);
        Optional<Listed> known = known(folder, identity);
        if (known.isPresent()) {
            List<Entry> entries = known.get().entries(folder);
            look.found(entries.stream().filter(e -> e.what != What.FOLDER).count(), 0);
            return entries;
        }
        long now = nowMillis.getAsLong();
        listed.incrementAndGet();
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            stream.forEach(children::add);
        }
        Stream<Path> each = children.size() < MANY ? children.stream() : children.parallelStream();
        List<Entry> entries = each.map(child -> entry(folder, child, look))
                .sorted(Comparator.comparing(Entry::name))
                .toList();
        boolean sure = identity.isPresent()
                && identity.get().isSettled(now)
                && entries.stream().noneMatch(Entry::linked)
                && entries.stream().allMatch(e -> e.odd.isEmpty());
        if (sure) {
            folders.put(key(folder), Listed.of(identity.get(), entries));
        } else {
            folders.remove(key(folder));
        }
        changed = true;
        return entries;
    }

    /// How many folders were listed anew.
    int listed() {
        return listed.get();
    }

    private static Entry entry(Path folder, Path file, LongLook look) {
        Entry entry = entry(folder, file);
        look.found(entry.what == What.FOLDER ? 0 : 1, 0);
        return entry;
    }

    private static Entry entry(Path folder, Path file) {
        String name = file.getFileName().toString();
        Optional<Path> odd = survives(folder, name, file) ? Optional.empty() : Optional.of(file);
        boolean linked = false;
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            linked = attributes.isSymbolicLink();
            if (linked) {
                attributes = Files.readAttributes(file, BasicFileAttributes.class);
            }
            What what = attributes.isDirectory() ? What.FOLDER : attributes.isRegularFile() ? What.FILE : What.SPECIAL;
            return new Entry(folder, name, odd, what, linked);
        } catch (IOException e) {
            // What went since it was listed is as doubtful as a link.
            return new Entry(folder, name, odd, What.NOTHING, true);
        }
    }

    private static boolean survives(Path folder, String name, Path file) {
        try {
            return folder.resolve(name).equals(file);
        } catch (InvalidPathException e) {
            return false;
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
            out.write(listed.whats);
            listed.names.write(out);
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
                    byte[] whats = in.readNBytes(in.readInt());
                    Listed listed = new Listed(identity, whats, Names.read(in));
                    if (!listed.isWhole()) {
                        return;
                    }
                    found.put(path, listed);
                }
                folders.putAll(found);
            }
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            System.getLogger(FolderIndex.class.getName()).log(System.Logger.Level.DEBUG, () -> kept + ": " + e);
        }
    }
}
