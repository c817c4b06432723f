package org.jmoco.eval.result;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A number that others reported.
///
/// @param benchmark such as `voc07-svm` @param source whose table it stands in @param method what was evaluated,
///     with its epochs @param layer feature that was evaluated, such as `feat5`
/// @param metric name of the [Metric] it belongs beside @param value in percent
public record Published(String benchmark, String source, String method, String layer, String metric, double value) {

    private static final String FILE = "published.tsv";
    private static final List<Published> ALL = read();

    /// All rows of a benchmark, in the order of the published tables.
    public static List<Published> of(String benchmark) {
        return ALL.stream().filter(p -> p.benchmark.equals(benchmark)).toList();
    }

    private static List<Published> read() {
        try (InputStream in = Published.class.getResourceAsStream(FILE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(l -> !l.isBlank() && !l.startsWith("#"))
                    .map(Published::parse)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(FILE + " cannot be read from the jar", e);
        }
    }

    private static Published parse(String line) {
        String[] c = line.split("\t", -1);
        if (c.length != 6) {
            throw new IllegalStateException(FILE + ": six columns were expected in: " + line);
        }
        return new Published(c[0], c[1], c[2], c[3], c[4], Double.parseDouble(c[5]));
    }
}
