package org.jmoco.nn.data.archive;

import java.io.File;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.List;
import java.util.Set;

/// The content of archives as files, for reading alone.
final class ArchiveFileSystem extends FileSystem {
    private final Path given;
    private final Node.Folder top;
    private final List<Archive> archives;
    private final boolean shards;

    /// @param given what the user named   @param archives that are in it
    /// @param shards whether the user said that the archives are parts of one
    ArchiveFileSystem(Path given, Node.Folder top, List<Archive> archives, boolean shards) {
        this.given = given;
        this.top = top;
        this.archives = List.copyOf(archives);
        this.shards = shards;
    }

    String place() {
        return given.toString();
    }

    String name() {
        Path name = given.getFileName();
        return name == null ? "" : name.toString();
    }

    Node.Folder top() {
        return top;
    }

    boolean isOfShards() {
        return shards;
    }

    /// Whether the archives are what they were when they were opened.
    boolean isCurrent() {
        return archives.stream().allMatch(Archive::isCurrent);
    }

    ArchivePath root() {
        return new ArchivePath(this, "", true);
    }

    /// Names between `/` without empty ones.
    static String clean(String text) {
        if (text.indexOf(0) >= 0) {
            throw new InvalidPathException(text, "NUL in a name");
        }
        String names = File.separatorChar == '/' ? text : text.replace(File.separatorChar, '/');
        StringBuilder kept = new StringBuilder(names.length());
        for (String name : names.split("/", -1)) {
            if (!name.isEmpty()) {
                kept.append(kept.isEmpty() ? "" : "/").append(name);
            }
        }
        return kept.toString();
    }

    @Override
    public Path getPath(String first, String... more) {
        String text = more.length == 0 ? first : first + "/" + String.join("/", more);
        if (FileSystems.getDefault().getPath(text.indexOf(0) >= 0 ? "" : text).isAbsolute()) {
            String before = place() + File.separator;
            return text.startsWith(before)
                    ? new ArchivePath(this, clean(text.substring(before.length())), true)
                    : Path.of(text);
        }
        return new ArchivePath(this, clean(text), false);
    }

    @Override
    public ArchiveProvider provider() {
        return ArchiveProvider.ONLY;
    }

    /// Files are opened when they are read, and closed in favour of others.
    @Override
    public void close() {
        archives.forEach(a -> OpenFiles.close(a.file()));
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public boolean isReadOnly() {
        return true;
    }

    @Override
    public String getSeparator() {
        return File.separator;
    }

    @Override
    public Iterable<Path> getRootDirectories() {
        return List.of(root());
    }

    @Override
    public Iterable<FileStore> getFileStores() {
        return List.of();
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
        return Set.of("basic");
    }

    @Override
    public PathMatcher getPathMatcher(String pattern) {
        PathMatcher usual = FileSystems.getDefault().getPathMatcher(pattern);
        return path -> usual.matches(Path.of(path.toString()));
    }

    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
        throw new UnsupportedOperationException();
    }

    @Override
    public WatchService newWatchService() {
        throw new UnsupportedOperationException();
    }
}
