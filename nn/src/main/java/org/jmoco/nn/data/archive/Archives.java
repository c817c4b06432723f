package org.jmoco.nn.data.archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.LongLook;
import org.jmoco.nn.data.image.ImageFormat;

/// Archives where folders are expected.
///
/// | a user names | and it is |
/// |---|---|
/// | `x.tar` | the archive's content |
/// | `x-{000000..000146}.tar` | a folder with all of these archives, each seen as a folder of its name |
/// | a folder of `.tar` files without images | that folder, each archive seen as a folder, without `.tar` |
/// | anything else | what it is |
public final class Archives {
    private static final String SUFFIX = ".tar";
    private static final Pattern RANGE = Pattern.compile("([^{}]*)\\{(\\d{1,9})\\.\\.(\\d{1,9})}([^{}]*)");
    private static final int MOST_SHARDS = 100_000;
    private static final int REMEMBERED = 8;
    private static final Map<List<String>, ArchiveFileSystem> OPEN = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<List<String>, ArchiveFileSystem> eldest) {
            return size() > REMEMBERED;
        }
    };

    private Archives() {}

    /// The folder that a user means: the content of an archive, or what was given.
    ///
    /// @param hasImages whether there are images in a folder, at any depth @param parts names of folders, in lower
    ///     case, that may hold archives in a folder that holds none
    /// @throws DataException if an archive is compressed, or refused as [TarReader] says
    public static Path folder(Path given, Predicate<Path> hasImages, Predicate<String> parts) {
        if (given instanceof ArchivePath) {
            return given;
        }
        String name = given.getFileName() == null ? "" : given.getFileName().toString();
        if (Files.isRegularFile(given)) {
            Compression.ofName(name).ifPresent(c -> {
                throw new DataException(given + ": " + c.advice());
            });
            return isArchive(name) ? opened(given, List.of(given), false).root() : given;
        }
        Matcher range = RANGE.matcher(name);
        if (range.matches() && !Files.exists(given)) {
            return opened(given, numbered(given, range), true).root();
        }
        if (!Files.isDirectory(given)) {
            return given;
        }
        List<Path> found = within(given, parts);
        return found.isEmpty() || hasImages.test(given)
                ? given
                : opened(given, found, false).root();
    }

    private static boolean isArchive(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        // PyTorch's weights are called so.
        return lower.endsWith(SUFFIX) && lower.length() > SUFFIX.length() && !lower.endsWith(".pth.tar");
    }

    private static List<Path> numbered(Path given, Matcher range) {
        int first = Integer.parseInt(range.group(2));
        int last = Integer.parseInt(range.group(3));
        if (last < first || last - first >= MOST_SHARDS) {
            throw new DataException(given + ": the numbers in {…} must rise, by fewer than " + MOST_SHARDS);
        }
        boolean padded = range.group(2).length() == range.group(3).length();
        List<Path> files = new ArrayList<>();
        for (int i = first; i <= last; i++) {
            String number = padded ? "%0" + range.group(2).length() + "d" : "%d";
            Path file = given.resolveSibling(range.group(1) + number.formatted(i) + range.group(4));
            if (!Files.isRegularFile(file)) {
                throw new DataException(
                        file + ": no such file, of " + (last - first + 1) + " that " + given + " names");
            }
            Compression.ofName(file.getFileName().toString()).ifPresent(c -> {
                throw new DataException(file + ": " + c.advice());
            });
            files.add(file);
        }
        return files;
    }

    /// The archives in a folder, or in its folders of parts, by name; none if images lie beside them.
    private static List<Path> within(Path folder, Predicate<String> parts) {
        List<Path> found = new ArrayList<>();
        List<Path> below = new ArrayList<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
            for (Path child : children) {
                String name = child.getFileName().toString();
                if (name.startsWith(".")) {
                    continue;
                }
                if (ImageFormat.ofName(name).isPresent()) {
                    return List.of();
                }
                if (isArchive(name) && Files.isRegularFile(child)) {
                    // A folder of its name is what was unpacked from it.
                    if (!Files.isDirectory(folder.resolve(stem(child)))) {
                        found.add(child);
                    }
                } else if (parts.test(name) && Files.isDirectory(child)) {
                    below.add(child);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            return List.of(); // whoever lists it next says so
        }
        below.forEach(part -> found.addAll(within(part, name -> false)));
        return found.stream().sorted().toList();
    }

    /// What is compressed in a folder, and what to do with it.
    public static Optional<String> compressedIn(Path folder) {
        try (Stream<Path> children = Files.list(folder)) {
            return children.sorted()
                    .flatMap(f ->
                            Compression.ofName(f.getFileName().toString()).map(c -> f + ": " + c.advice()).stream())
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// A file in a small archive that is compressed by gzip.
    ///
    /// @param suffix how the file's name ends   @param most bytes of the archive unpacked
    /// @throws DataException if it is refused as [TarReader] says, larger, or has no such file
    public static byte[] packed(Path archive, String suffix, int most) {
        byte[] all;
        try (InputStream in = new GZIPInputStream(Files.newInputStream(archive))) {
            all = in.readNBytes(most);
            if (in.read() >= 0) {
                throw new DataException(archive + ": unpacks to more than " + most + " bytes");
            }
        } catch (IOException e) {
            throw new DataException(archive + ": cannot be read (" + DataException.because(e) + ")", e);
        }
        TarIndex index;
        try (LongLook look = LongLook.at(archive.toString(), all.length)) {
            index = TarReader.read(Bytes.of(all), archive.toString(), look);
        }
        for (int i = 0; i < index.files(); i++) {
            if (index.names()[i].endsWith(suffix)) {
                int from = (int) index.offsets()[i];
                return Arrays.copyOfRange(all, from, from + (int) index.lengths()[i]);
            }
        }
        throw new DataException(archive + ": holds no file " + suffix);
    }

    private static ArchiveFileSystem opened(Path given, List<Path> files, boolean shards) {
        List<String> key = new ArrayList<>(List.of(given.toString()));
        files.forEach(f -> key.add(f.toAbsolutePath().toString()));
        synchronized (OPEN) {
            ArchiveFileSystem known = OPEN.get(key);
            if (known != null && known.isCurrent()) {
                return known;
            }
            try (LongLook look = LongLook.at(given + ": reading the headers", bytes(files))) {
                List<Archive> archives = files.parallelStream()
                        .map(file -> Archive.open(file, look))
                        .toList();
                ArchiveFileSystem opened = new ArchiveFileSystem(given, top(given, archives), archives, shards);
                OPEN.put(key, opened);
                return opened;
            }
        }
    }

    private static long bytes(List<Path> files) {
        return files.stream().mapToLong(file -> file.toFile().length()).sum();
    }

    private static Node.Folder top(Path given, List<Archive> archives) {
        if (archives.size() == 1 && archives.getFirst().file().equals(given)) {
            return Node.of(archives.getFirst(), stem(given));
        }
        boolean named = !Files.isDirectory(given);
        Node.Folder top = new Node.Folder(named ? Optional.empty() : Optional.of(given));
        for (Archive archive : archives) {
            Path file = archive.file();
            Node.Folder place = top;
            if (!named && !file.getParent().equals(given)) {
                Path part = file.getParent();
                place = (Node.Folder) top.children()
                        .computeIfAbsent(part.getFileName().toString(), p -> new Node.Folder(Optional.of(part)));
            }
            place.put(stem(file), Node.of(archive, stem(file)), file);
        }
        return top.children().size() == 1
                        && top.beside().map(Archives::beside).orElse(List.of()).isEmpty()
                        && top.children().values().iterator().next() instanceof Node.Folder only
                        && only.hasFolders()
                ? only
                : top;
    }

    /// The names of what lies in a folder beside its archives.
    static List<String> beside(Path folder) {
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(c -> !isArchive(c.getFileName().toString()) || !Files.isRegularFile(c))
                    .map(c -> c.getFileName().toString())
                    .filter(name -> !name.endsWith(IndexFile.SUFFIX))
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw new DataException(folder + ": cannot be listed (" + e.getMessage() + ")", e);
        }
    }

    private static String stem(Path archive) {
        String name = archive.getFileName().toString();
        return isArchive(name) ? name.substring(0, name.length() - SUFFIX.length()) : name;
    }

    // ---- shards ----

    /// An image in an archive.
    ///
    /// @param said its class as the archive has it beside the image, see [SampleClasses]; null if there is none
    public record Sample(Path file, String said) {}

    /// The archives whose contents are a folder or lie right in it, by name; none for a folder of another kind.
    public static List<Path> in(Path folder) {
        if (!(folder instanceof ArchivePath path) || !(node(path) instanceof Node.Folder known)) {
            return List.of();
        }
        if (known.mounted().isPresent()) {
            return List.of(folder);
        }
        return known.children().entrySet().stream()
                .filter(c -> c.getValue() instanceof Node.Folder child
                        && child.mounted().isPresent())
                .map(c -> (Path) path.child(c.getKey()))
                .toList();
    }

    /// Whether a folder is, or holds, the content of archives.
    public static boolean isAmong(Path folder) {
        return folder instanceof ArchivePath;
    }

    /// Whether the user named archives by their numbers, as parts of one.
    public static boolean areNumbered(Path folder) {
        return folder instanceof ArchivePath path && path.getFileSystem().isOfShards();
    }

    /// Whether an archive has the classes of its images beside them.
    public static boolean hasClasses(Path archive) {
        return node((ArchivePath) archive) instanceof Node.Folder known
                && known.mounted().orElseThrow().archive().index().hasClasses();
    }

    /// The images of an archive, in its order: where it has classes those that are named as a sample's, else all.
    public static List<Sample> samples(Path archive) {
        Node.Mounted mounted =
                ((Node.Folder) node((ArchivePath) archive)).mounted().orElseThrow();
        TarIndex index = mounted.archive().index();
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < index.files(); i++) {
            String name = index.names()[i].substring(mounted.below().length());
            String own = name.substring(name.lastIndexOf('/') + 1);
            if (ImageFormat.ofName(own).isPresent() && !own.startsWith(".")) {
                samples.add(new Sample(((ArchivePath) archive).child(name), index.classes()[i]));
            }
        }
        return samples;
    }

    private static Node node(ArchivePath path) {
        try {
            return ArchiveProvider.ONLY.require(path);
        } catch (IOException e) {
            throw new DataException(path + ": no such folder", e);
        }
    }
}
