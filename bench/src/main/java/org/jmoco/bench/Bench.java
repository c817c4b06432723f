package org.jmoco.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jmoco.nn.data.DataException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Measures jmoco beside a peer: each side in a process of its own, taking turns, medians after warm-up.
///
/// First both sides show by their results that they do the same work. The last line is
/// `result ratio=R ours_ms=… peer_ms=… ours_peak_mib=… peer_peak_mib=…`, R the peer's time over ours; of a
/// benchmark with several rows, the geometric mean of the rows' ratios and the sums of their times. Times are wall
/// time; `cpu_ratio` compares CPU time, the fairer figure where other programs take part of the cores (though
/// threads that wait in a busy loop, as OpenMP's do, count as working).
@Command(
        name = "bench/run",
        description = "Measures jmoco beside a peer, each side in a process of its own, taking turns.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        showDefaultValues = false)
final class Bench implements Callable<Integer> {
    private static final List<String> PEER_FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-Xmn16m",
            "-Xmx128m",
            "-XX:MinHeapFreeRatio=5",
            "-XX:MaxHeapFreeRatio=20",
            "-XX:ErrorFile=/dev/null",
            "-Dorg.bytedeco.javacpp.maxbytes=0",
            "-Dorg.bytedeco.javacpp.maxphysicalbytes=0", // no limits, and no counting towards them
            "-XX:+DisplayVMOutputToStderr",
            "--sun-misc-unsafe-memory-access=allow");

    @Parameters(
            index = "0",
            paramLabel = "NAME",
            description = "one of: ${COMPLETION-CANDIDATES}",
            completionCandidates = Benchmarks.Names.class)
    private String name;

    @Mixin
    private Settings settings;

    private final OtherWork otherWork = new OtherWork();

    private Bench() {}

    public static void main(String[] args) {
        Locale.setDefault(Locale.ROOT);
        CommandLine command = new CommandLine(new Bench()).setExecutionExceptionHandler(Bench::explain);
        System.exit(command.execute(args));
    }

    private static int explain(Exception e, CommandLine command, CommandLine.ParseResult parsed) throws Exception {
        if (!(e instanceof BenchException || e instanceof DataException)) {
            throw e;
        }
        command.getErr().println("bench: " + e.getMessage());
        return CommandLine.ExitCode.SOFTWARE;
    }

    @Override
    public Integer call() throws IOException {
        settings.check();
        Benchmark benchmark = Benchmarks.of(name);
        settings.folder = Files.createTempDirectory("jmoco-bench");
        List<SideProcess> sides = new ArrayList<>();
        try {
            benchmark.prepare(settings, settings.folder);
            sides.add(SideProcess.start(SideMain.OURS, javaCommand(SideMain.OURS), settings));
            for (String variant : benchmark.variants()) {
                List<String> command = benchmark.peerCommand(settings, variant);
                String label = benchmark.peerName() + (variant.isEmpty() ? "" : " " + variant);
                sides.add(SideProcess.start(label, command.isEmpty() ? javaCommand(variant) : command, settings));
            }
            measure(benchmark, sides);
        } finally {
            sides.forEach(SideProcess::close);
            delete(settings.folder);
        }
        return 0;
    }

    /// This very program as a side. Ours has the flags that this process has been given, those of the launcher;
    /// LibTorch's has a small heap, so that little but LibTorch's own memory counts.
    private List<String> javaCommand(String variant) {
        boolean ours = variant.equals(SideMain.OURS);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(f -> ours || !f.startsWith("-X"))
                .toList());
        if (!ours) {
            command.addAll(PEER_FLAGS);
        } else if (settings.avx2) {
            command.add("-XX:UseAVX=2");
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), SideMain.class.getName(), name, variant));
        command.addAll(settings.arguments());
        return command;
    }

    private void measure(Benchmark benchmark, List<SideProcess> sides) {
        double warmUp = settings.warmUpSeconds > 0 ? settings.warmUpSeconds : benchmark.warmUpSeconds();
        System.out.printf(
                "%s; %d threads%s, %d rounds of at least %.1f s after %.0f s of warm-up%n",
                benchmark.title(settings),
                settings.threads,
                settings.avx2 ? ", as AVX2" : "",
                settings.rounds,
                settings.roundSeconds,
                warmUp);
        List<Benchmark.Row> rows = benchmark.rows(settings);
        int[] wanted = IntStream.range(0, rows.size())
                .filter(row -> rows.get(row).title().contains(settings.only))
                .toArray();
        if (wanted.length == 0) {
            throw new BenchException("no row's title has '" + settings.only + "' in it; there are "
                    + rows.stream().map(Benchmark.Row::title).toList());
        }
        if (wanted.length > 1) {
            compileAll(wanted, sides, warmUp);
        }
        // Before the report knows its sides: a peer that does not come through it is left out.
        List<Double> first = agreement(benchmark, rows.get(wanted[0]), wanted[0], sides);
        Report report = new Report(sides);
        for (int row : wanted) {
            List<Double> apart = row == wanted[0] ? first : agreement(benchmark, rows.get(row), row, sides);
            for (SideProcess side : sides) {
                side.warmUp(row, warmUp, settings.roundSeconds);
            }
            for (int round = 0; round < settings.rounds; round++) {
                // Every other round in reverse, so that no side always follows the same one.
                for (SideProcess side : round % 2 == 0 ? sides : sides.reversed()) {
                    otherWork.begin();
                    otherWork.end(side.round(row));
                }
            }
            report.add(rows.get(row), apart);
        }
        report.print(otherWork.share());
    }

    /// Runs every row for a while before the first one is timed. The rows share their innermost loops, and a JVM
    /// on few cores takes seconds to compile one: else the first rows would be timed in a state that none of the
    /// others meets.
    private void compileAll(int[] rows, List<SideProcess> sides, double warmUp) {
        for (int row : rows) {
            sides.getFirst().check(row);
            sides.getFirst().warmUp(row, warmUp / 2, settings.roundSeconds);
            forPeers(sides, peer -> {
                peer.check(row);
                peer.warmUp(row, warmUp / 2, settings.roundSeconds);
            });
        }
    }

    /// Leaves out a peer whose process ends, as long as there is another one: a layout of LibTorch's that its library
    /// crashes on is not the better one. oneDNN divides by zero on virtual machines that tell it no cache sizes.
    private static void forPeers(List<SideProcess> sides, Consumer<SideProcess> work) {
        for (SideProcess peer : List.copyOf(sides.subList(1, sides.size()))) {
            try {
                work.accept(peer);
            } catch (SideProcess.Ended e) {
                if (sides.size() == 2) {
                    throw e;
                }
                System.out.println("left out: " + e.getMessage());
                peer.close();
                sides.remove(peer);
            }
        }
    }

    /// Largest relative distance between our results and the peers', part by part.
    private static List<Double> agreement(Benchmark benchmark, Benchmark.Row row, int index, List<SideProcess> sides) {
        List<double[]> ours = sides.getFirst().check(index);
        List<Double> apart =
                new ArrayList<>(Collections.nCopies(benchmark.tolerances().size(), 0.0));
        forPeers(sides, peer -> {
            List<double[]> theirs = peer.check(index);
            for (int part = 0; part < apart.size(); part++) {
                double distance = distance(ours.get(part), theirs.get(part));
                if (!(distance <= benchmark.tolerances().get(part))) {
                    throw new BenchException(String.format(
                            "%s: the results of %s and %s differ by %.1e (relative L2), more than %.0e: "
                                    + "they do not do the same work",
                            row.title(),
                            sides.getFirst().name(),
                            peer.name(),
                            distance,
                            benchmark.tolerances().get(part)));
                }
                apart.set(part, Math.max(apart.get(part), distance));
            }
        });
        return apart;
    }

    private static double distance(double[] ours, double[] theirs) {
        if (ours.length != theirs.length) {
            return Double.POSITIVE_INFINITY;
        }
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < ours.length; i++) {
            difference += Math.pow(ours[i] - theirs[i], 2);
            norm += Math.pow(theirs[i], 2);
        }
        return Math.sqrt(difference / norm);
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path p : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(p);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
