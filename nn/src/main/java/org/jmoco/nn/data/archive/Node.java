package org.jmoco.nn.data.archive;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jmoco.nn.data.DataException;

/// What a path among archives stands for.
sealed interface Node {
    /// A folder in an archive, or the archive itself, or a folder with archives in it.
    final class Folder implements Node {
        private final Map<String, Node> children = new TreeMap<>();
        private final Optional<Path> beside;
        private Optional<Mounted> mounted = Optional.empty();

        Folder() {
            this(Optional.empty());
        }

        /// @param beside the folder of the system in which archives lie, and others files too
        Folder(Optional<Path> beside) {
            this.beside = beside;
        }

        Optional<Path> beside() {
            return beside;
        }

        Map<String, Node> children() {
            return children;
        }

        /// The archive whose content this is.
        Optional<Mounted> mounted() {
            return mounted;
        }

        /// @throws DataException if there is something of that name
        void put(String name, Node child, Path archive) {
            if (children.putIfAbsent(name, child) != null) {
                throw new DataException(archive + ": has something beside it that is called '" + name + "' as well");
            }
        }

        private Folder folder(String name) {
            return (Folder) children.computeIfAbsent(name, n -> new Folder());
        }

        boolean hasFolders() {
            return children.values().stream().anyMatch(c -> c instanceof Folder);
        }
    }

    /// @param below the folders of the archive that were passed over, with a `/` at the end, or empty
    record Mounted(Archive archive, String below) {}

    /// A file in an archive.
    record Member(Archive archive, int number) implements Node {
        long length() {
            return archive.index().lengths()[number];
        }
    }

    /// A file or a folder beside archives.
    record Real(Path path) implements Node {}

    /// The content of an archive. A single folder at its top is passed over if it has folders itself or the
    /// archive's name: what counts is in it.
    ///
    /// @param name of the archive without `.tar`
    static Folder of(Archive archive, String name) {
        Folder top = new Folder();
        TarIndex index = archive.index();
        for (int i = 0; i < index.files(); i++) {
            String[] parts = index.names()[i].split("/", -1);
            Folder folder = top;
            for (int p = 0; p < parts.length - 1; p++) {
                folder = folder.folder(parts[p]);
            }
            folder.children.put(parts[parts.length - 1], new Member(archive, i));
        }
        StringBuilder below = new StringBuilder();
        while (top.children.size() == 1) {
            Map.Entry<String, Node> only = top.children.entrySet().iterator().next();
            if (!(only.getValue() instanceof Folder inner)
                    || !(inner.hasFolders() || only.getKey().equals(name))) {
                break;
            }
            below.append(only.getKey()).append('/');
            top = inner;
        }
        top.mounted = Optional.of(new Mounted(archive, below.toString()));
        return top;
    }
}
