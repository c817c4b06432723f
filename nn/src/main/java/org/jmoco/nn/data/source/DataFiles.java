package org.jmoco.nn.data.source;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jmoco.nn.data.DataException;

/// Reading the files that describe data sets, with every failure a [DataException] that names the file.
final class DataFiles {
    /// Lists and annotations are read whole: the largest known list of images has 100 MB.
    private static final long MAX_BYTES = Integer.MAX_VALUE - 8;

    /// Fewer files are looked for sooner than other threads wake up.
    private static final int WORTH_SHARING = 1000;

    /// What systems take. To normalize a path takes a time in the square of its length.
    private static final int LONGEST_PATH = 4096;

    private DataFiles() {}

    static Path requireFolder(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new DataException(folder + (Files.exists(folder) ? ": is not a folder" : ": no such folder"));
        }
        return folder;
    }

    static byte[] bytes(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new DataException(file + ": is over 2 GiB long");
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new DataException(file + ": no such file", e);
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            throw new DataException(file + ": no such file", e);
        } catch (CharacterCodingException e) {
            throw new DataException(file + ": is no UTF-8 text", e);
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    /// The file that a list or an annotation names.
    ///
    /// @param place begins the message
    /// @throws DataException if that is no file name, or leads out of `root`
    static Path inside(Path root, String path, String place) {
        if (path.length() > LONGEST_PATH) {
            throw new DataException(
                    place + ": '" + shortened(path) + "' is no file name: it has over " + LONGEST_PATH + " characters");
        }
        Path file;
        try {
            file = root.resolve(path);
        } catch (InvalidPathException e) {
            throw new DataException(place + ": '" + shortened(path) + "' is no file name", e);
        }
        if (!file.toAbsolutePath().normalize().startsWith(root.toAbsolutePath().normalize())) {
            throw new DataException(place + ": '" + shortened(path) + "' leads out of " + root
                    + "; name a folder that holds all the images");
        }
        return file;
    }

    /// The beginning of a text, for a message.
    static String shortened(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }

    /// @throws DataException naming the first file that is missing and its place, and how many are
    static void requireFiles(List<Path> files, IntFunction<String> placeOf) {
        IntStream all = IntStream.range(0, files.size()).filter(i -> !Files.isRegularFile(files.get(i)));
        int[] absent = (files.size() < WORTH_SHARING ? all : all.parallel()).toArray();
        if (absent.length > 0) {
            String more = absent.length == 1 ? "" : " (and " + (absent.length - 1) + " more files are missing)";
            throw new DataException(placeOf.apply(absent[0]) + ": no such file: " + files.get(absent[0]) + more);
        }
    }
}
