package org.jmoco.moco;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReliabilityPageTest {
    @Test
    void everyTestThatThePageNamesExists() throws IOException {
        List<MatchResult> named = Pattern.compile("\\| `(\\w+)#(\\w+)` \\|")
                .matcher(Files.readString(Path.of("../docs/reliability.md")))
                .results()
                .toList();
        assertTrue(named.size() > 10, named.size() + " rows");
        for (MatchResult test : named) {
            assertTrue(
                    source(test.group(1)).contains("void " + test.group(2) + "("),
                    "docs/reliability.md names " + test.group(1) + "#" + test.group(2) + ", which is no test");
        }
    }

    private static String source(String name) throws IOException {
        for (String module : List.of("moco", "nn", "tensor", "eval", "fuzz")) {
            try (Stream<Path> files = Files.walk(Path.of("..", module, "src/test/java"))) {
                Path found = files.filter(f -> f.getFileName().toString().equals(name + ".java"))
                        .findFirst()
                        .orElse(null);
                if (found != null) {
                    return Files.readString(found);
                }
            }
        }
        return "";
    }
}
