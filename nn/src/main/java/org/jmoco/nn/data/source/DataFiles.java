package org.jmoco.nn.data.source;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import org.jmoco.nn.data.DataException;

/// Reading the files that describe data sets, with every failure a [DataException] that names the file.
public final class DataFiles {
    /// Lists and annotations are read whole: the largest known list of images has 100 MB.
    private static final long MAX_BYTES = Integer.MAX_VALUE - 8;

    /// So many files of one folder are looked for sooner by listing it.
    private static final int WORTH_LISTING = 200;

    /// What systems take. To normalize a path takes a time in the square of its length.
    static final int LONGEST_PATH = 4096;

    private DataFiles() {}

    /// The folder itself.
    ///
    /// @throws DataException if it is missing or none
    public static Path requireFolder(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new DataException(folder + (Files.exists(folder) ? ": is not a folder" : ": no such folder"));
        }
        return folder;
    }

    /// The whole content of a file.
    ///
    /// @throws DataException if it is missing or cannot be read
    public static byte[] bytes(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new DataException(file + ": is over 2 GiB long");
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new DataException(file + ": no such file", e);
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read (" + DataException.because(e) + ")", e);
        }
    }

    /// The lines of a text, without a byte-order mark.
    ///
    /// @throws DataException if the file is missing, cannot be read or is no UTF-8 text
    public static List<String> lines(Path file) {
        byte[] bytes = bytes(file);
        int from = startsWith(bytes, 0xEF, 0xBB, 0xBF) ? 3 : 0;
        if (startsWith(bytes, 0xFF, 0xFE) || startsWith(bytes, 0xFE, 0xFF)) {
            throw new DataException(file + ": is UTF-16 text; save it as UTF-8");
        }
        try {
            CharBuffer text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, bytes.length - from));
            return text.toString().lines().toList();
        } catch (CharacterCodingException e) {
            throw new DataException(file + ": is no UTF-8 text", e);
        }
    }

    private static boolean startsWith(byte[] bytes, int... mark) {
        for (int i = 0; i < mark.length; i++) {
            if (i >= bytes.length || (bytes[i] & 0xFF) != mark[i]) {
                return false;
            }
        }
        return true;
    }

    /// The file that a list or an annotation names.
    ///
    /// @param place begins the message
    /// @throws DataException if that is no file name, or leads out of `root`
    public static Path inside(Path root, String path, String place) {
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
    public static void requireFiles(List<Path> files, IntFunction<String> placeOf) {
        int[] absent = absent(files);
        if (absent.length > 0) {
            String more = absent.length == 1 ? "" : " (and " + (absent.length - 1) + " more files are missing)";
            throw new DataException(placeOf.apply(absent[0]) + ": no such file: " + files.get(absent[0]) + more);
        }
    }

    /// The files that are not there. To list a folder is much cheaper than to ask for each of its files.
    private static int[] absent(List<Path> files) {
        Map<Path, IntArrayList> byFolder = new HashMap<>();
        for (int i = 0; i < files.size(); i++) {
            byFolder.computeIfAbsent(files.get(i).getParent(), folder -> new IntArrayList())
                    .add(i);
        }
        return byFolder.entrySet().parallelStream()
                .flatMapToInt(e -> {
                    Set<Path> there = e.getValue().size() < WORTH_LISTING ? new HashSet<>() : names(e.getKey());
                    return e.getValue()
                            .intStream()
                            .filter(i ->
                                    !(there.contains(files.get(i).getFileName()) || Files.isRegularFile(files.get(i))));
                })
                .sorted()
                .toArray();
    }

    private static Set<Path> names(Path folder) {
        Set<Path> names = new HashSet<>();
        if (folder == null) {
            return names;
        }
        try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
            children.forEach(child -> names.add(child.getFileName()));
        } catch (IOException | DirectoryIteratorException e) {
            return new HashSet<>(); // each file is then asked for
        }
        return names;
    }
}
