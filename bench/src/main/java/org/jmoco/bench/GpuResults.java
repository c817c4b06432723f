package org.jmoco.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The numbers of `bench/gpu run`, a line of JSON each, written as soon as it is known: a part that its time limit cuts
/// off leaves the rest.
///
/// `{"part": "convolutions", "what": "…", "side": "jmoco", "value": 12.3, "unit": "TFLOP/s"}`
final class GpuResults {
    private static final Pattern LINE = Pattern.compile("\\{\"part\": \"([^\"]*)\", \"what\": \"([^\"]*)\", "
            + "\"side\": \"([^\"]*)\", \"value\": ([^,]+), \"unit\": \"([^\"]*)\"}");

    private final Path file;
    private final String part;

    /// @param side whose number it is: `jmoco`, `torch fp32`, …
    record Line(String part, String what, String side, double value, String unit) {}

    GpuResults(Path file, String part) {
        this.file = file;
        this.part = part;
    }

    void add(String what, String side, double value, String unit) {
        String line = String.format(
                Locale.ROOT,
                "{\"part\": \"%s\", \"what\": \"%s\", \"side\": \"%s\", \"value\": %.6g, \"unit\": \"%s\"}%n",
                part,
                what,
                side,
                value,
                unit);
        try {
            Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        System.out.printf(Locale.ROOT, "%s: %s, %s: %.4g %s%n", part, what, side, value, unit);
    }

    /// All lines of a file, in order; one that was cut off in the middle is left out.
    static List<Line> read(Path file) {
        List<Line> lines = new ArrayList<>();
        try {
            for (String text : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                Matcher m = LINE.matcher(text.strip());
                if (m.matches()) {
                    lines.add(new Line(m.group(1), m.group(2), m.group(3), Double.parseDouble(m.group(4)), m.group(5)));
                }
            }
        } catch (IOException e) {
            throw new BenchException("the results cannot be read: " + e.getMessage(), e);
        }
        return lines;
    }
}
