package org.jmoco.nn.data.archive;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// A path among archives, written as if the archive were a folder: `data/train.tar/n01440764/n01440764_18.JPEG`.
final class ArchivePath implements Path {
    private final ArchiveFileSystem system;
    private final String inside;
    private final boolean absolute;
    private final String text;

    /// @param inside with `/` between names, without empty ones; empty for the archive itself
    /// @param absolute whether it begins at the archive
    ArchivePath(ArchiveFileSystem system, String inside, boolean absolute) {
        this.system = system;
        this.inside = inside;
        this.absolute = absolute;
        String own = File.separatorChar == '/' ? inside : inside.replace('/', File.separatorChar);
        text = !absolute ? own : inside.isEmpty() ? system.place() : system.place() + File.separator + own;
    }

    String inside() {
        return inside;
    }

    /// A path right below, by a name as it stands: one of a file, which may be any.
    ArchivePath child(String name) {
        return with(inside.isEmpty() ? name : inside + "/" + name);
    }

    private ArchivePath with(String names) {
        return new ArchivePath(system, names, absolute);
    }

    private List<String> names() {
        return inside.isEmpty() ? List.of() : List.of(inside.split("/", -1));
    }

    @Override
    public ArchiveFileSystem getFileSystem() {
        return system;
    }

    @Override
    public boolean isAbsolute() {
        return absolute;
    }

    @Override
    public Path getRoot() {
        return absolute ? with("") : null;
    }

    @Override
    public Path getFileName() {
        String name = inside.isEmpty() ? system.name() : inside.substring(inside.lastIndexOf('/') + 1);
        return new ArchivePath(system, name, false);
    }

    @Override
    public Path getParent() {
        int slash = inside.lastIndexOf('/');
        return slash >= 0 ? with(inside.substring(0, slash)) : absolute && !inside.isEmpty() ? with("") : null;
    }

    @Override
    public int getNameCount() {
        return names().size();
    }

    @Override
    public Path getName(int index) {
        return subpath(index, index + 1);
    }

    @Override
    public Path subpath(int begin, int end) {
        List<String> names = names();
        if (begin < 0 || end > names.size() || begin >= end) {
            throw new IllegalArgumentException(begin + " to " + end + " of " + names.size() + " names");
        }
        return new ArchivePath(system, String.join("/", names.subList(begin, end)), false);
    }

    @Override
    public boolean startsWith(Path other) {
        return other instanceof ArchivePath path
                && path.system == system
                && path.absolute == absolute
                && !names().stream().limit(1).toList().equals(List.of(".."))
                && (path.inside.isEmpty() || inside.equals(path.inside) || inside.startsWith(path.inside + "/"));
    }

    @Override
    public boolean endsWith(Path other) {
        if (!(other instanceof ArchivePath path) || path.system != system) {
            return false;
        }
        return path.absolute ? equals(path) : inside.equals(path.inside) || inside.endsWith("/" + path.inside);
    }

    /// Without `.` and `name/..`. A `..` that leads out of the archive stays.
    @Override
    public Path normalize() {
        List<String> kept = new ArrayList<>();
        for (String name : names()) {
            if (name.equals("..") && !kept.isEmpty() && !kept.getLast().equals("..")) {
                kept.removeLast();
            } else if (!name.equals(".")) {
                kept.add(name);
            }
        }
        return with(String.join("/", kept));
    }

    /// A path of the usual kind that is relative is taken by its names.
    @Override
    public Path resolve(Path other) {
        if (other.isAbsolute()) {
            return other;
        }
        String more = other instanceof ArchivePath path ? path.inside : ArchiveFileSystem.clean(other.toString());
        return with(inside.isEmpty() ? more : more.isEmpty() ? inside : inside + "/" + more);
    }

    @Override
    public Path relativize(Path other) {
        if (!(other instanceof ArchivePath path)) {
            throw new ProviderMismatchException();
        }
        List<String> from = names();
        List<String> to = path.names();
        int common = 0;
        while (common < from.size() && common < to.size() && from.get(common).equals(to.get(common))) {
            common++;
        }
        List<String> names = new ArrayList<>();
        for (int i = common; i < from.size(); i++) {
            names.add("..");
        }
        names.addAll(to.subList(common, to.size()));
        return new ArchivePath(system, String.join("/", names), false);
    }

    @Override
    public URI toUri() {
        try {
            return new URI(ArchiveProvider.SCHEME, system.place() + "!/" + inside, null);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Path toAbsolutePath() {
        return absolute ? this : new ArchivePath(system, inside, true);
    }

    @Override
    public Path toRealPath(LinkOption... options) throws IOException {
        Path real = toAbsolutePath().normalize();
        return system.provider().require((ArchivePath) real) instanceof Node.Real beside
                ? beside.path().toRealPath(options)
                : real;
    }

    @Override
    public WatchKey register(WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int compareTo(Path other) {
        return text.compareTo(((ArchivePath) other).text);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ArchivePath path
                && path.system == system
                && path.absolute == absolute
                && path.inside.equals(inside);
    }

    @Override
    public int hashCode() {
        return Objects.hash(inside, absolute);
    }

    @Override
    public String toString() {
        return text;
    }
}
