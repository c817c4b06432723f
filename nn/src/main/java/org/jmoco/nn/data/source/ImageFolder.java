package org.jmoco.nn.data.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.image.ImageDecoder;
import org.jmoco.nn.data.image.ImageFormat;

/// Folders of images. Files count as images by their extension (jpg, jpeg, png, bmp, in any case); they are
/// decoded by their content.
public final class ImageFolder {
    private static final Comparator<Path> BY_NAME = Comparator.comparing(Path::toString);

    private ImageFolder() {}

    /// One folder a class, as ImageNet's: classes are the sub-folders in the order of their names, images of a
    /// class its files, at any depth, in the order of their paths.
    ///
    /// @throws DataException if the folder is missing, has no sub-folder, or a sub-folder has no image
    public static ImageFiles labelled(Path folder) {
        List<Path> folders = classFolders(folder);
        List<Path> files = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (int label = 0; label < folders.size(); label++) {
            List<Path> images = images(folders.get(label));
            if (images.isEmpty()) {
                throw new DataException(folders.get(label) + ": a class folder without a JPEG, PNG or BMP image");
            }
            files.addAll(images);
            labels.addAll(java.util.Collections.nCopies(images.size(), label));
        }
        return new ImageFiles(
                files,
                labels.stream().mapToInt(Integer::intValue).toArray(),
                classNames(folder),
                ImageDecoder.STANDARD);
    }

    /// All images in a folder and below, without classes.
    ///
    /// @throws DataException if the folder is missing or has no image
    public static ImageFiles unlabelled(Path folder) {
        List<Path> files = images(DataFiles.requireFolder(folder));
        if (files.isEmpty()) {
            throw new DataException(folder + ": holds no JPEG, PNG or BMP image");
        }
        int[] labels = new int[files.size()];
        Arrays.fill(labels, ImageSource.NO_LABEL);
        return new ImageFiles(files, labels, List.of(), ImageDecoder.STANDARD);
    }

    /// Labelled if the folder has sub-folders, else unlabelled.
    public static ImageFiles of(Path folder) {
        return children(DataFiles.requireFolder(folder)).stream().anyMatch(Files::isDirectory)
                ? labelled(folder)
                : unlabelled(folder);
    }

    /// How many files in a folder and below are no images by their names, and so are not used.
    ///
    /// @throws DataException if the folder cannot be listed
    public static long otherFiles(Path folder) {
        try (Stream<Path> walk = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            return walk.filter(Files::isRegularFile).filter(f -> !isImage(f)).count();
        } catch (IOException | UncheckedIOException e) {
            throw new DataException(folder + ": cannot be listed (" + e.getMessage() + ")", e);
        }
    }

    /// Whether there is an image anywhere in a folder.
    static boolean hasImages(Path folder) {
        try (Stream<Path> walk = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            return walk.anyMatch(ImageFolder::isImage);
        } catch (IOException | UncheckedIOException e) {
            throw new DataException(folder + ": cannot be listed (" + e.getMessage() + ")", e);
        }
    }

    /// The class names: names of the sub-folders, sorted.
    ///
    /// @throws DataException if the folder is missing or has none
    public static List<String> classNames(Path folder) {
        return classFolders(folder).stream()
                .map(f -> f.getFileName().toString())
                .toList();
    }

    private static List<Path> classFolders(Path folder) {
        List<Path> folders = children(DataFiles.requireFolder(folder)).stream()
                .filter(Files::isDirectory)
                .toList();
        if (folders.isEmpty()) {
            throw new DataException(folder + ": has no class folders");
        }
        return folders;
    }

    private static List<Path> children(Path folder) {
        try (Stream<Path> children = Files.list(folder)) {
            return children.sorted(BY_NAME).toList();
        } catch (IOException e) {
            throw new DataException(folder + ": cannot be listed (" + e.getMessage() + ")", e);
        }
    }

    private static List<Path> images(Path folder) {
        try (Stream<Path> walk = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            return walk.filter(ImageFolder::isImage).sorted(BY_NAME).toList();
        } catch (IOException | UncheckedIOException e) {
            throw new DataException(folder + ": cannot be listed (" + e.getMessage() + ")", e);
        }
    }

    private static boolean isImage(Path file) {
        return ImageFormat.ofName(file.getFileName().toString()).isPresent() && Files.isRegularFile(file);
    }
}
