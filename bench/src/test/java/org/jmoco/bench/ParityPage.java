package org.jmoco.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// The measured errors, one section a test class, in the order of their keys: `target/parity/page.md`.
/// `docs/parity.md` is that page, written there with `-Djmoco.parity.write=true`.
final class ParityPage {
    private static final Path FOLDER = Path.of("target/parity");
    private static final Path PAGE = Path.of("../docs/parity.md");
    private static final String HEAD = """
            # Parity with LibTorch

            ```bash
            mvn -B -Pparity -pl bench -am -Dtest='org.jmoco.bench.**' -Dsurefire.failIfNoSpecifiedTests=false verify
            ```

            compares jmoco in float32 with LibTorch (org.bytedeco:pytorch, from Java) in float32 and in float64, on the same numbers. The tables are that run's own; every case is in
            `bench/target/parity/`. `-Djmoco.parity.write=true` writes this page anew.

            A *distance* is the relative L2 norm of the difference from LibTorch's float64. **Tolerance:** ours is at most three times that of LibTorch's float32 (*ratio* ≤ 3); a distance of one
            unit in the last place, 1.2e-7, is allowed in any case, because LibTorch's own may be 0 by luck. What only moves or rounds a number has to be as exact as LibTorch. Convolutions by Winograd's algorithm, which LibTorch does not use here, may be 1e-5 off by themselves.

            """;

    private ParityPage() {}

    /// Puts a section in place and writes the page of all that are there, so a class can be run by itself.
    static void section(int key, String text) {
        details("section-" + key + ".md", text);
        try (Stream<Path> files = Files.list(FOLDER)) {
            List<String> sections = new ArrayList<>();
            for (Path file : files.filter(f -> f.getFileName().toString().startsWith("section-"))
                    .sorted()
                    .toList()) {
                sections.add(Files.readString(file));
            }
            String page = HEAD + String.join("\n", sections);
            details("page.md", page);
            if (Boolean.getBoolean("jmoco.parity.write")) {
                Files.writeString(PAGE, page);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A file with every case, for whoever wants to look closer.
    static void details(String name, String text) {
        try {
            Files.createDirectories(FOLDER);
            Files.writeString(FOLDER.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A distance as it stands in a table.
    static String cell(double distance) {
        return distance == 0 ? "0" : String.format(Locale.ROOT, "%.1e", distance);
    }

    /// A ratio as it stands in a table.
    static String times(double ratio) {
        return String.format(Locale.ROOT, "%.2f", ratio);
    }
}
