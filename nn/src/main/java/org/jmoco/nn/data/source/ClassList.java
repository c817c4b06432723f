package org.jmoco.nn.data.source;

import java.nio.file.Path;
import java.text.Normalizer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jmoco.nn.data.DataException;

/// A text file of class names, a line each, in the order of their numbers.
public final class ClassList {
    private ClassList() {}

    /// Reads a file; blank lines do not count.
    ///
    /// @throws DataException if it is missing, empty, or has a name twice
    public static List<String> read(Path file) {
        List<String> names = DataFiles.lines(file).stream()
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
        if (names.isEmpty()) {
            throw new DataException(file + ": has no class name; write one a line, in the order of their numbers");
        }
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            if (!seen.add(Normalizer.normalize(name, Normalizer.Form.NFC))) {
                throw new DataException(file + ": has the class name '" + DataFiles.shortened(name) + "' twice");
            }
        }
        return names;
    }
}
