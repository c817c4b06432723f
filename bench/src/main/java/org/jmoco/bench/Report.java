package org.jmoco.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What was measured, as it comes and as tables at the end. The peer's time is that of its fastest variant.
final class Report {
    private final List<SideProcess> sides;
    private final List<Line> lines = new ArrayList<>();

    /// One row of the benchmark.
    private record Line(
            Benchmark.Row row, Spread ours, Spread peer, double oursCpu, double peerCpu, SideProcess fastest) {
        double ratio() {
            return peer.median() / ours.median();
        }

        double cpuRatio() {
            return peerCpu / oursCpu;
        }

        String rate(Spread s) {
            return row.flops() == 0 ? "" : String.format(" %7.1f GFLOP/s", row.flops() / s.median() * 1e-6);
        }
    }

    /// @param sides ours first
    Report(List<SideProcess> sides) {
        this.sides = sides;
    }

    private SideProcess ours() {
        return sides.getFirst();
    }

    /// Takes over the times of a row that has just been measured.
    void add(Benchmark.Row row, List<Double> apart) {
        SideProcess peer = sides.stream()
                .skip(1)
                .min(Comparator.comparingDouble(s -> s.millis().median()))
                .orElseThrow();
        Line line = new Line(
                row,
                ours().millis(),
                peer.millis(),
                ours().cpuMillis().median(),
                peer.cpuMillis().median(),
                peer);
        lines.add(line);
        System.out.printf(
                "%n%s: results %s apart%n",
                row.title(), apart.stream().map(d -> String.format("%.1e", d)).collect(Collectors.joining(" and ")));
        for (SideProcess side : sides) {
            Spread t = side.millis();
            System.out.printf(
                    "  %-26s %10.3f ms (%.3f … %.3f), CPU %10.3f ms%s%n",
                    side.name(), t.median(), t.min(), t.max(), side.cpuMillis().median(), line.rate(t));
        }
        System.out.printf("  ratio %.3f, of CPU time %.3f%n", line.ratio(), line.cpuRatio());
    }

    void print(double otherWork) {
        if (lines.size() > 1) {
            table();
        }
        System.out.printf("%nother programs took %.0f %% of the cores while this was measured%n", 100 * otherWork);
        for (SideProcess side : sides) {
            double[] mib = side.memoryMib();
            System.out.printf(
                    "%-28s at most %.0f MiB resident; %.0f before anything was loaded, %.0f before the first run%n",
                    side.name(), mib[0], mib[1], mib[2]);
            String remark = side.remark();
            if (!remark.isEmpty()) {
                System.out.printf("%-28s %s%n", side.name(), remark);
            }
        }
        double least = lines.stream().mapToDouble(Line::ratio).min().orElseThrow();
        System.out.printf(
                "result ratio=%.3f ours_ms=%.3f peer_ms=%.3f ours_peak_mib=%.0f peer_peak_mib=%.0f "
                        + "cpu_ratio=%.3f least_ratio=%.3f other_work=%.2f%n",
                mean(lines.stream().map(Line::ratio).toList()),
                lines.stream().mapToDouble(l -> l.ours().median()).sum(),
                lines.stream().mapToDouble(l -> l.peer().median()).sum(),
                ours().memoryMib()[0],
                mostlyFastest().memoryMib()[0],
                mean(lines.stream().map(Line::cpuRatio).toList()),
                least,
                otherWork);
    }

    private SideProcess mostlyFastest() {
        Map<SideProcess, Double> time = lines.stream()
                .collect(Collectors.groupingBy(
                        Line::fastest, Collectors.summingDouble(l -> l.peer().median())));
        return time.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
    }

    private static double mean(List<Double> ratios) {
        return Math.exp(ratios.stream().mapToDouble(Math::log).average().orElseThrow());
    }

    /// Rows of one group side by side, and each column's geometric mean.
    private void table() {
        Map<String, Map<String, Line>> groups = new LinkedHashMap<>();
        lines.forEach(l -> groups.computeIfAbsent(l.row().group(), g -> new LinkedHashMap<>())
                .put(l.row().name(), l));
        List<String> columns = List.copyOf(groups.values().stream()
                .max(Comparator.comparingInt(Map::size))
                .orElseThrow()
                .keySet());
        System.out.printf("%nms of ours / of the peer; the peer's time over ours, the same of CPU time%n");
        System.out.printf(
                "| |%s%n", columns.stream().map(c -> " " + c + " | | |").collect(Collectors.joining()));
        System.out.printf("|---|%s%n", "--:|--:|--:|".repeat(columns.size()));
        groups.forEach((group, cells) -> System.out.printf(
                "| %s |%s%n",
                group, columns.stream().map(c -> cell(cells.get(c))).collect(Collectors.joining())));
        System.out.printf(
                "| geometric mean |%s%n", columns.stream().map(this::meanCell).collect(Collectors.joining()));
    }

    private static String cell(Line l) {
        return l == null
                ? " | | |"
                : String.format(
                        " %.2f / %.2f | %.2f | %.2f |",
                        l.ours().median(), l.peer().median(), l.ratio(), l.cpuRatio());
    }

    private String meanCell(String column) {
        List<Line> all =
                lines.stream().filter(l -> l.row().name().equals(column)).toList();
        return String.format(
                " | %.2f | %.2f |",
                mean(all.stream().map(Line::ratio).toList()),
                mean(all.stream().map(Line::cpuRatio).toList()));
    }
}
