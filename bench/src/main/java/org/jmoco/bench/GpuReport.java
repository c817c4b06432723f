package org.jmoco.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The tables of `bench/gpu run`: `report.md` of the lines that its parts have written.
final class GpuReport {
    private static final String OURS = "jmoco";
    private static final String PEER = "torch fp32";
    private static final String RATE = "TFLOP/s";

    private final List<GpuResults.Line> lines;

    GpuReport(List<GpuResults.Line> lines) {
        this.lines = lines;
    }

    /// Writes the page.
    ///
    /// @param results the lines   @param page what is written, beside what `about` says of the machine
    static void write(Path results, Path about, Path page) throws IOException {
        String machine = Files.exists(about) ? Files.readString(about).strip() : "";
        Files.writeString(
                page, "# jmoco on a GPU\n\n" + machine + "\n" + new GpuReport(GpuResults.read(results)).tables());
    }

    private String tables() {
        Set<String> parts = new LinkedHashSet<>();
        lines.forEach(line -> parts.add(line.part()));
        return parts.stream().map(this::table).collect(Collectors.joining());
    }

    /// One part: a row for each thing measured, a column for each side.
    private String table(String part) {
        List<GpuResults.Line> own =
                lines.stream().filter(line -> line.part().equals(part)).toList();
        Set<String> sides = new LinkedHashSet<>();
        Map<String, Map<String, GpuResults.Line>> rows = new LinkedHashMap<>();
        own.forEach(line -> {
            sides.add(line.side());
            rows.computeIfAbsent(line.what(), w -> new LinkedHashMap<>()).put(line.side(), line);
        });
        boolean compared = sides.contains(OURS) && sides.contains(PEER);
        boolean ofPeak = sides.contains(OURS)
                && own.stream().anyMatch(line -> line.unit().equals(RATE));
        StringBuilder table = new StringBuilder("\n## " + part + "\n\n| | unit |");
        sides.forEach(side -> table.append(' ').append(side).append(" |"));
        table.append(compared ? " jmoco / torch fp32 |" : "").append(ofPeak ? " % of fp32's ceiling |" : "");
        int columns = sides.size() + (compared ? 1 : 0) + (ofPeak ? 1 : 0);
        table.append("\n|---|---|").append("--:|".repeat(columns)).append('\n');
        rows.forEach((what, cells) -> {
            table.append("| ").append(what).append(" | ");
            table.append(cells.values().iterator().next().unit()).append(" |");
            sides.forEach(
                    side -> table.append(' ').append(cell(cells.get(side))).append(" |"));
            if (compared) {
                table.append(' ')
                        .append(ratio(cells.get(OURS), cells.get(PEER)))
                        .append(" |");
            }
            if (ofPeak) {
                table.append(' ').append(share(cells.get(OURS))).append(" |");
            }
            table.append('\n');
        });
        return table.toString();
    }

    private static String cell(GpuResults.Line line) {
        return line == null ? "" : String.format(Locale.ROOT, "%.4g", line.value());
    }

    private static String ratio(GpuResults.Line ours, GpuResults.Line peer) {
        return ours == null || peer == null ? "" : String.format(Locale.ROOT, "%.2f", ours.value() / peer.value());
    }

    /// Of what PyTorch's best product in float32 reaches.
    private String share(GpuResults.Line ours) {
        double ceiling = lines.stream()
                .filter(line -> line.part().equals("ceilings")
                        && line.side().equals(PEER)
                        && line.unit().equals(RATE))
                .mapToDouble(GpuResults.Line::value)
                .max()
                .orElse(Double.NaN);
        return ours == null || !ours.unit().equals(RATE) || Double.isNaN(ceiling)
                ? ""
                : String.format(Locale.ROOT, "%.0f", 100 * ours.value() / ceiling);
    }
}
