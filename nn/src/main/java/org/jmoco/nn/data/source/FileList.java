package org.jmoco.nn.data.source;

import java.nio.file.Path;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.RandomAccess;
import java.util.stream.Collectors;

/// Files in a fixed order, most of them as text: of a million images a run of an hour opens a few, and to make a path
/// of each costs seconds at every start.
final class FileList extends AbstractList<Path> implements RandomAccess {
    private final List<Part> parts;

    /// Where each part ends, in files.
    private final int[] ends;

    private FileList(List<Part> parts) {
        this.parts = parts.stream().filter(p -> p.size() > 0).toList();
        ends = this.parts.stream().mapToInt(Part::size).toArray();
        Arrays.parallelPrefix(ends, Integer::sum);
    }

    private sealed interface Part {
        int size();

        Path file(int index);

        String text(int index);
    }

    /// @param prefix before a name in the text of its path   @param names below the folder
    private record Named(Path folder, String prefix, List<String> names) implements Part {
        @Override
        public int size() {
            return names.size();
        }

        @Override
        public Path file(int index) {
            return folder.resolve(names.get(index));
        }

        @Override
        public String text(int index) {
            return prefix + names.get(index);
        }
    }

    private record Given(List<Path> files) implements Part {
        @Override
        public int size() {
            return files.size();
        }

        @Override
        public Path file(int index) {
            return files.get(index);
        }

        @Override
        public String text(int index) {
            return files.get(index).toString();
        }
    }

    /// The same files, in the same order.
    static FileList of(List<Path> files) {
        return files instanceof FileList list ? list : new FileList(List.of(new Given(List.copyOf(files))));
    }

    /// Files in a folder.
    static FileList of(Path folder, Names names) {
        return new FileList(List.of(new Named(folder, prefix(folder), names)));
    }

    /// Files in a folder, at any depth, in the order of their paths.
    static FileList sorted(Path folder, List<FolderIndex.Entry> files) {
        if (files.stream().anyMatch(f -> f.odd().isPresent())) {
            return new FileList(List.of(new Given(files.stream()
                    .map(FolderIndex.Entry::file)
                    .sorted(Comparator.comparing(Path::toString))
                    .toList())));
        }
        String prefix = prefix(folder);
        Map<Path, String> between = files.stream()
                .map(FolderIndex.Entry::folder)
                .distinct()
                .collect(Collectors.toMap(f -> f, f -> prefix(f).substring(prefix.length())));
        List<String> names = (between.size() == 1 && between.containsKey(folder)
                        ? files.stream().map(FolderIndex.Entry::name)
                        : files.stream().map(f -> between.get(f.folder()) + f.name()))
                .sorted()
                .toList();
        return new FileList(List.of(new Named(folder, prefix, names)));
    }

    /// What stands before the name of a file in the text of its path.
    private static String prefix(Path folder) {
        String one = folder.resolve("x").toString();
        return one.substring(0, one.length() - 1);
    }

    /// All files of some lists, one list after another.
    static FileList joined(List<FileList> lists) {
        return new FileList(lists.stream().flatMap(l -> l.parts.stream()).toList());
    }

    @Override
    public int size() {
        return ends.length == 0 ? 0 : ends[ends.length - 1];
    }

    @Override
    public Path get(int index) {
        int p = part(index);
        return parts.get(p).file(index - start(p));
    }

    /// What the path of a file is as text.
    String text(int index) {
        int p = part(index);
        return parts.get(p).text(index - start(p));
    }

    private int start(int part) {
        return part == 0 ? 0 : ends[part - 1];
    }

    private int part(int index) {
        Objects.checkIndex(index, size());
        int found = Arrays.binarySearch(ends, index + 1);
        return found >= 0 ? found : -found - 1;
    }
}
