package org.jmoco.moco.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CommandPagesTest {
    @Test
    void thePagesAreWhatTheCommandsSay() throws IOException {
        Map<String, String> there = new TreeMap<>();
        try (Stream<Path> files = Files.list(CommandPages.FOLDER)) {
            for (Path file : files.toList()) {
                there.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        Map<String, String> expected = CommandPages.texts();
        assertEquals(expected.keySet(), there.keySet());
        expected.forEach((name, text) ->
                assertEquals(text, there.get(name), "docs/commands/" + name + " is behind the help; see CommandPages"));
    }
}
