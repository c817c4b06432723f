package org.jmoco.nn.data.source;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.source.LeftOut.Reason;

/// Folders of images. Files count as images by their extension (jpg, jpeg, jpe, jfif, png, apng, bmp, dib, in any
/// case); they are decoded by their content. Links are followed. Hidden files and folders are passed over.
public final class ImageFolder {
    private static final String READ = "JPEG, PNG or BMP image";

    private ImageFolder() {}

    /// All images in a folder and below. Classes are its sub-folders, in the order of their names, as far as there
    /// are images in them; images of a class are those in its folder, at any depth, in the order of their paths.
    /// Last come the images beside the class folders, which have no class.
    ///
    /// @throws DataException if the folder is missing, cannot be listed, or has no image
    public static ImageFiles of(Path folder) {
        return of(FolderListing.of(folder));
    }

    static ImageFiles of(FolderListing listing) {
        requireImages(listing);
        List<FileList> files = new ArrayList<>();
        IntArrayList labels = new IntArrayList();
        List<String> classes = new ArrayList<>();
        List<LeftOut> leftOut = new ArrayList<>(listing.leftOut());
        List<Path> empty = new ArrayList<>();
        for (FolderListing.Folder folder : listing.folders()) {
            if (folder.images().isEmpty()) {
                empty.add(folder.path());
                continue;
            }
            files.add(folder.images());
            labels.addElements(labels.size(), filled(folder.images().size(), classes.size()));
            classes.add(folder.name());
        }
        files.add(listing.loose());
        labels.addElements(labels.size(), filled(listing.loose().size(), ImageSource.NO_LABEL));
        if (!classes.isEmpty() && !empty.isEmpty()) {
            leftOut.add(new LeftOut(
                    Reason.EMPTY_CLASS, empty.size(), empty.getFirst().toString()));
        }
        return new ImageFiles(FileList.joined(files), Targets.Numbers.of(labels.toIntArray()), classes)
                .withLeftOut(leftOut);
    }

    private static int[] filled(int length, int value) {
        int[] all = new int[length];
        Arrays.fill(all, value);
        return all;
    }

    /// One folder a class, as ImageNet's: what [#of] gives, without the images beside the class folders.
    ///
    /// @throws DataException if the folder is missing, has no sub-folder, or a sub-folder has no image
    public static ImageSource labelled(Path folder) {
        FolderListing listing = FolderListing.of(folder);
        requireClassFolders(listing);
        return Classified.only(of(listing));
    }

    /// @throws DataException if there are no class folders, or one of them has no image
    static void requireClassFolders(FolderListing listing) {
        if (listing.folders().isEmpty()) {
            throw new DataException(listing.root() + ": has no class folders");
        }
        for (FolderListing.Folder folder : listing.folders()) {
            if (folder.images().isEmpty()) {
                throw emptyClass(folder.path().toString(), listing.leftOut());
            }
        }
    }

    /// @throws DataException if a class folder has no image
    static void requireNoEmptyClass(List<LeftOut> leftOut) {
        for (LeftOut others : leftOut) {
            if (others.reason() == Reason.EMPTY_CLASS) {
                throw emptyClass(others.first(), leftOut);
            }
        }
    }

    private static DataException emptyClass(String folder, List<LeftOut> leftOut) {
        return new DataException(folder + ": a class folder without a " + READ
                + instead(leftOut.stream()
                        .filter(l ->
                                l.reason() != Reason.EMPTY_CLASS && l.first().startsWith(folder + File.separator))));
    }

    /// All images in a folder and below in the order of their paths, without classes.
    ///
    /// @throws DataException if the folder is missing, cannot be listed, or has no image
    public static ImageFiles unlabelled(Path folder) {
        FolderListing listing = FolderListing.of(folder);
        requireImages(listing);
        List<Path> files = Stream.concat(
                        listing.loose().stream(), listing.folders().stream().flatMap(f -> f.images().stream()))
                .sorted(FolderListing.BY_NAME)
                .toList();
        return new ImageFiles(files, new Targets.Unknown(), List.of()).withLeftOut(listing.leftOut());
    }

    private static void requireImages(FolderListing listing) {
        if (listing.images() == 0) {
            throw new DataException(listing.root() + ": holds no " + READ + instead(listing.leftOut().stream()));
        }
    }

    /// What lies in a folder without images instead of some, for a message.
    static String instead(Path folder) {
        return instead(FolderListing.of(folder).leftOut().stream());
    }

    private static String instead(Stream<LeftOut> leftOut) {
        String others = leftOut.map(LeftOut::toString).collect(Collectors.joining("; "));
        return others.isEmpty() ? "" : "; " + others;
    }

    /// How many files in a folder and below are no images by their names, and so are not used.
    ///
    /// @throws DataException if the folder cannot be listed
    public static long otherFiles(Path folder) {
        return FolderListing.of(folder).others();
    }

    /// The names that class folders have, sorted: those of all sub-folders that are not hidden.
    ///
    /// @throws DataException if the folder is missing or has none
    public static List<String> classNames(Path folder) {
        List<Path> folders = FolderListing.folders(folder);
        if (folders.isEmpty()) {
            throw new DataException(folder + ": has no class folders");
        }
        return folders.stream().map(f -> f.getFileName().toString()).toList();
    }
}
