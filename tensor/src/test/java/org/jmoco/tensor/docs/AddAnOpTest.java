package org.jmoco.tensor.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AddAnOpTest {
    private static final Path PAGE = Path.of("../docs/add-an-op.md");

    @Test
    void theCodeOnThePageIsTheSources() throws IOException {
        List<String> blocks = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(PAGE))
                .results()
                .map(m -> m.group(1))
                .toList();
        assertEquals(7, blocks.size());
        List<String> sources = sources();
        for (String block : blocks) {
            assertTrue(
                    sources.stream().anyMatch(s -> s.contains(block)),
                    "docs/add-an-op.md shows code that no source has any more:\n" + block);
        }
    }

    private static List<String> sources() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src"))) {
            return files.filter(f -> f.getFileName().toString().matches("(L2Normalize\\w*|Tensor)\\.java"))
                    .map(AddAnOpTest::read)
                    .toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void theLinksOfThePagesLeadSomewhere() throws IOException {
        for (Path page : List.of(PAGE, OpPage.PAGE)) {
            for (String target : Pattern.compile("]\\((\\.\\.[^)]+)\\)")
                    .matcher(Files.readString(page))
                    .results()
                    .map(m -> m.group(1))
                    .toList()) {
                assertTrue(Files.exists(page.resolveSibling(target)), page + " links to " + target);
            }
        }
    }
}
