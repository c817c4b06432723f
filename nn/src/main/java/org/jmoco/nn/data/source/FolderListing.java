package org.jmoco.nn.data.source;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.LongLook;
import org.jmoco.nn.data.image.ImageFormat;
import org.jmoco.nn.data.image.OtherFormat;
import org.jmoco.nn.data.source.FolderIndex.What;
import org.jmoco.nn.data.source.LeftOut.Reason;

/// Everything below a folder, sorted out by names: images, and why the rest is none. Links are followed.
///
/// A link that leads nowhere counts as an image if it is named so: it is one that cannot be read.
///
/// @param root    the folder
/// @param folders those in it that are not hidden, by name
/// @param loose   images right in it, by path
/// @param leftOut what looks like an image and is none of these
/// @param others  how many files have no image's name
record FolderListing(Path root, List<Folder> folders, FileList loose, List<LeftOut> leftOut, int others) {
    /// A folder right in the root.
    ///
    /// @param images in it, at any depth, by path
    record Folder(Path path, FileList images) {
        String name() {
            return path.getFileName().toString();
        }
    }

    static final Comparator<Path> BY_NAME = Comparator.comparing(Path::toString);

    /// What systems put into folders: archives of macOS, thumbnails of network disks, bins.
    private static final Set<String> NOT_THE_USERS =
            Set.of("__MACOSX", "@eaDir", "$RECYCLE.BIN", "System Volume Information", "lost+found", "__pycache__");

    /// Lists a folder.
    ///
    /// @throws DataException if it, or a folder in it that is not hidden, is missing or cannot be listed
    static FolderListing of(Path root) {
        return without(root, List.of());
    }

    /// Lists a folder without some of the folders right in it.
    ///
    /// @throws DataException as [#of]
    static FolderListing without(Path root, List<Path> passedOver) {
        FolderIndex index = FolderIndex.of(DataFiles.requireFolder(root));
        try (LongLook look = LongLook.at(root + ": listing", 0)) {
            return of(root, passedOver, index, look);
        }
    }

    /// Lists a folder by an index.
    static FolderListing of(Path root, List<Path> passedOver, FolderIndex index, LongLook look) {
        Walk top = new Walk(index, look);
        List<Path> subfolders = top.files(root, false).stream()
                .filter(f -> !passedOver.contains(f))
                .toList();
        List<Object> above = keys(root);
        // Network disks answer many questions at once faster than one after another.
        List<Walk> below = subfolders.parallelStream()
                .map(folder -> {
                    Walk walk = new Walk(index, look);
                    walk.all(folder, above);
                    return walk;
                })
                .toList();
        index.keep();
        List<Folder> folders = new ArrayList<>();
        for (int f = 0; f < subfolders.size(); f++) {
            top.add(below.get(f));
            if (!isHidden(subfolders.get(f))) {
                folders.add(new Folder(subfolders.get(f), below.get(f).sorted));
            }
        }
        top.sort(root);
        return new FolderListing(root, folders, top.sorted, top.leftOut(), top.others);
    }

    /// How many images there are.
    int images() {
        return loose.size() + folders.stream().mapToInt(f -> f.images.size()).sum();
    }

    /// Of what lies there, how much is left out for a reason.
    int count(Reason reason) {
        return leftOut.stream()
                .filter(l -> l.reason() == reason)
                .mapToInt(LeftOut::count)
                .sum();
    }

    /// Whether there is an image anywhere in a folder.
    ///
    /// @throws DataException as [#of]
    static boolean hasImages(Path root) {
        return holdsImage(DataFiles.requireFolder(root), List.of());
    }

    /// Ends with the first image: the files of a large folder are not looked at one by one.
    private static boolean holdsImage(Path folder, List<Object> above) {
        Optional<Object> key = key(folder);
        if (key.isPresent() && above.contains(key.get())) {
            return false;
        }
        List<Path> subfolders = new ArrayList<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
            for (Path child : children) {
                if (isHidden(child)) {
                    continue;
                }
                if (Files.isDirectory(child)) {
                    subfolders.add(child);
                } else if (ImageFormat.ofName(child.getFileName().toString()).isPresent()) {
                    return true;
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            throw cannotBeListed(folder, e);
        }
        List<Object> here = new ArrayList<>(above);
        key.ifPresent(here::add);
        return subfolders.stream().sorted(BY_NAME).anyMatch(f -> holdsImage(f, here));
    }

    private static DataException cannotBeListed(Path folder, Exception e) {
        return new DataException(folder + ": cannot be listed (" + DataException.because(e) + ")", e);
    }

    /// The folders in a folder that are not hidden, sorted by name.
    ///
    /// @throws DataException if it is missing or cannot be listed
    static List<Path> folders(Path root) {
        FolderIndex index = FolderIndex.of(DataFiles.requireFolder(root));
        try (LongLook look = LongLook.at(root + ": listing", 0)) {
            return new Walk(index, look)
                    .files(root, false).stream().filter(f -> !isHidden(f)).toList();
        }
    }

    static boolean isHidden(Path file) {
        return isHidden(file.getFileName().toString());
    }

    private static boolean isHidden(String name) {
        return name.startsWith(".") || NOT_THE_USERS.contains(name);
    }

    /// What tells a folder and those above it from all others: links to any of these lead in a circle.
    private static List<Object> keys(Path root) {
        List<Object> keys = new ArrayList<>();
        try {
            for (Path folder = root.toRealPath(); folder != null; folder = folder.getParent()) {
                key(folder).ifPresent(keys::add);
            }
        } catch (IOException e) {
            key(root).ifPresent(keys::add);
        }
        return keys;
    }

    /// What tells a folder from all others, where the file system has that.
    private static Optional<Object> key(Path folder) {
        try {
            Object key = Files.readAttributes(folder, BasicFileAttributes.class).fileKey();
            return Optional.of(key == null ? folder.toRealPath() : key);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// What was found so far.
    private static final class Walk {
        private final FolderIndex index;
        private final LongLook look;
        private List<FolderIndex.Entry> images = new ArrayList<>();
        private FileList sorted = FileList.of(List.of());
        private final Map<Reason, Found> left = new EnumMap<>(Reason.class);
        private final Map<String, Found> unread = new TreeMap<>();
        private int others;

        Walk(FolderIndex index, LongLook look) {
            this.index = index;
            this.look = look;
        }

        /// Puts the images in a folder in order, when there come no more.
        void sort(Path folder) {
            sorted = FileList.sorted(folder, images);
            images = List.of();
        }

        /// Everything in a folder right in the root. One of nothing but images, as data sets have it, is taken as it
        /// is known.
        void all(Path folder, List<Object> above) {
            boolean hidden = isHidden(folder);
            Optional<Names> images = hidden
                    ? Optional.empty()
                    : index.alike(folder, look)
                            .filter(n -> ImageFormat.ofName(n.extension()).isPresent());
            if (images.isPresent()) {
                sorted = FileList.of(folder, images.get());
            } else {
                enter(folder, hidden, above);
                sort(folder);
            }
        }

        /// How many files were left out for one reason, and the first of them by name.
        private static final class Found {
            private int count;
            private String first;

            void add(int more, String name) {
                count += more;
                first = first == null || name.compareTo(first) < 0 ? name : first;
            }
        }

        void enter(Path folder, boolean hidden, List<Object> above) {
            Optional<Object> key = key(folder);
            if (key.isPresent() && above.contains(key.get())) {
                left(Reason.LOOP, folder);
                return;
            }
            List<Object> here = new ArrayList<>(above);
            key.ifPresent(here::add);
            for (Path subfolder : files(folder, hidden)) {
                enter(subfolder, hidden || isHidden(subfolder), here);
            }
        }

        /// Sorts out the files of one folder.
        ///
        /// @return its folders, by name
        List<Path> files(Path folder, boolean hidden) {
            List<Path> folders = new ArrayList<>();
            try {
                for (FolderIndex.Entry entry : index.list(folder, look)) {
                    if (entry.what() == What.FOLDER) {
                        folders.add(entry.file());
                    } else {
                        file(entry, hidden);
                    }
                }
            } catch (IOException | DirectoryIteratorException e) {
                // What systems put there may belong to another user, and nothing is missed in it.
                if (!hidden) {
                    throw cannotBeListed(folder, e);
                }
            }
            folders.sort(BY_NAME);
            return folders;
        }

        private void file(FolderIndex.Entry file, boolean inHidden) {
            boolean there = file.what() != What.NOTHING;
            boolean hidden = inHidden || isHidden(file.name());
            boolean read = ImageFormat.ofName(file.name()).isPresent();
            Optional<OtherFormat> other = read ? Optional.empty() : OtherFormat.ofName(file.name());
            if (!read && other.isEmpty()) {
                others += there ? 1 : 0;
                if (!there && !hidden && Files.isSymbolicLink(file.file())) {
                    left(Reason.DANGLING, file.file());
                }
            } else if (hidden) {
                left(Reason.HIDDEN, file.file());
            } else if (file.what() == What.SPECIAL) {
                left(Reason.NO_FILE, file.file());
            } else if (read) {
                images.add(file);
            } else {
                unread.computeIfAbsent(other.get().toString(), f -> new Found())
                        .add(1, file.file().toString());
            }
        }

        private void left(Reason reason, Path file) {
            left.computeIfAbsent(reason, r -> new Found()).add(1, file.toString());
        }

        /// Takes over what another walk left out.
        void add(Walk part) {
            part.left.forEach((reason, found) ->
                    left.computeIfAbsent(reason, r -> new Found()).add(found.count, found.first));
            part.unread.forEach((format, found) ->
                    unread.computeIfAbsent(format, f -> new Found()).add(found.count, found.first));
            others += part.others;
        }

        List<LeftOut> leftOut() {
            List<LeftOut> all = new ArrayList<>();
            unread.forEach((format, f) -> all.add(new LeftOut(Reason.UNREAD_FORMAT, f.count, f.first, format)));
            left.forEach((reason, f) -> all.add(new LeftOut(reason, f.count, f.first)));
            return List.copyOf(all);
        }
    }
}
