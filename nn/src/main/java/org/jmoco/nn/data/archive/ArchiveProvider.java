package org.jmoco.nn.data.archive;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// What `java.nio.file.Files` does with an [ArchivePath]. Nothing can be written. What lies beside archives is
/// handed on to the system's own file system.
final class ArchiveProvider extends FileSystemProvider {
    static final String SCHEME = "jmoco-archive";
    static final ArchiveProvider ONLY = new ArchiveProvider();

    private ArchiveProvider() {}

    /// What a path stands for.
    ///
    /// @throws NoSuchFileException if nothing is there
    Node require(ArchivePath path) throws NoSuchFileException {
        Node node = path.getFileSystem().top();
        String inside = ((ArchivePath) path.toAbsolutePath().normalize()).inside();
        for (int from = 0; from < inside.length(); ) {
            int slash = inside.indexOf('/', from);
            String name = inside.substring(from, slash < 0 ? inside.length() : slash);
            switch (node) {
                case Node.Folder folder -> {
                    node = folder.children().get(name);
                    if (node == null) {
                        node = real(folder.beside()
                                .orElseThrow(() -> new NoSuchFileException(path.toString()))
                                .resolve(name));
                    }
                }
                case Node.Real real -> node = real(real.path().resolve(name));
                case Node.Member member -> throw new NoSuchFileException(path.toString());
            }
            from += name.length() + 1;
        }
        if (node instanceof Node.Real real && !Files.exists(real.path(), LinkOption.NOFOLLOW_LINKS)) {
            throw new NoSuchFileException(path.toString());
        }
        return node;
    }

    private static Node real(Path path) {
        return new Node.Real(path);
    }

    private Node require(Path path) throws NoSuchFileException {
        return require((ArchivePath) path);
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        if (options.stream().anyMatch(o -> o != StandardOpenOption.READ && !(o instanceof LinkOption))) {
            throw new ReadOnlyFileSystemException();
        }
        return switch (require(path)) {
            case Node.Member(Archive archive, int number) -> {
                archive.requireInPlace(number);
                yield new MemberChannel(archive, number);
            }
            case Node.Real(Path real) -> Files.newByteChannel(real, options, attributes);
            case Node.Folder folder -> throw new IOException("it is a folder");
        };
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path folder, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        List<Path> children = new ArrayList<>();
        switch (require(folder)) {
            case Node.Folder known -> {
                Set<String> names = new TreeSet<>(known.children().keySet());
                if (known.beside().isPresent()) {
                    names.addAll(Archives.beside(known.beside().get()));
                }
                names.forEach(name -> children.add(((ArchivePath) folder).child(name)));
            }
            case Node.Real(Path real) -> {
                try (DirectoryStream<Path> stream = Files.newDirectoryStream(real)) {
                    stream.forEach(c -> children.add(
                            ((ArchivePath) folder).child(c.getFileName().toString())));
                }
            }
            case Node.Member member -> throw new NotDirectoryException(folder.toString());
        }
        List<Path> accepted = new ArrayList<>();
        for (Path child : children) {
            if (filter.accept(child)) {
                accepted.add(child);
            }
        }
        return new DirectoryStream<>() {
            @Override
            public Iterator<Path> iterator() {
                return accepted.iterator();
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        Node node = require(path);
        for (AccessMode mode : modes) {
            if (mode != AccessMode.READ) {
                throw new AccessDeniedException(path.toString());
            }
        }
        if (node instanceof Node.Real(Path real)) {
            real.getFileSystem().provider().checkAccess(real, modes);
        }
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        Node node = require(path);
        if (node instanceof Node.Real(Path real)) {
            return Files.readAttributes(real, type, options);
        }
        if (type != BasicFileAttributes.class) {
            throw new UnsupportedOperationException(type.getName());
        }
        return type.cast(new Attributes(node));
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) throws IOException {
        if (require(path) instanceof Node.Real(Path real)) {
            return Files.readAttributes(real, attributes, options);
        }
        throw new UnsupportedOperationException(attributes);
    }

    /// Times are not kept.
    private record Attributes(Node node) implements BasicFileAttributes {
        private static final FileTime NEVER = FileTime.fromMillis(0);

        @Override
        public FileTime lastModifiedTime() {
            return NEVER;
        }

        @Override
        public FileTime lastAccessTime() {
            return NEVER;
        }

        @Override
        public FileTime creationTime() {
            return NEVER;
        }

        @Override
        public boolean isRegularFile() {
            return node instanceof Node.Member;
        }

        @Override
        public boolean isDirectory() {
            return node instanceof Node.Folder;
        }

        @Override
        public boolean isSymbolicLink() {
            return false;
        }

        @Override
        public boolean isOther() {
            return false;
        }

        @Override
        public long size() {
            return node instanceof Node.Member member ? member.length() : 0;
        }

        @Override
        public Object fileKey() {
            return null;
        }
    }

    @Override
    public boolean isSameFile(Path one, Path other) {
        return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
    }

    @Override
    public boolean isHidden(Path path) {
        return path.getFileName().toString().startsWith(".");
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Path getPath(URI uri) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileStore getFileStore(Path path) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(Path path, Class<V> type, LinkOption... options) {
        return null;
    }

    @Override
    public void createDirectory(Path folder, FileAttribute<?>... attributes) {
        throw new ReadOnlyFileSystemException();
    }

    @Override
    public void delete(Path path) {
        throw new ReadOnlyFileSystemException();
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) {
        throw new ReadOnlyFileSystemException();
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) {
        throw new ReadOnlyFileSystemException();
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
        throw new ReadOnlyFileSystemException();
    }
}
