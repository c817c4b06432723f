package org.jmoco.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// The process of one side. It waits for a line on its standard input, does what it says, answers with a line, and
/// waits again, so that only one side works at a time.
///
/// | request                  | answer                                          |
/// |--------------------------|-------------------------------------------------|
/// | `check ROW`              | `values V V … / V V …`, part by part             |
/// | `warm-up ROW SECONDS`    | `took NANOSECONDS` of the fastest run           |
/// | `round ROW RUNS`         | `took WALL-NANOSECONDS CPU-NANOSECONDS`, and the CPU time with what was not timed |
/// | `memory`                 | `kib PEAK AT-THE-START BEFORE-THE-FIRST-RUN`    |
/// | `remark`                 | `remark`, and what else it has noticed          |
///
/// It ends with its input.
@Command(name = "side")
final class SideMain implements Callable<Integer> {
    static final String OURS = "jmoco";

    private static final int LEAST_WARM_UP_RUNS = 2;

    @Parameters(index = "0")
    private String name;

    @Parameters(index = "1")
    private String variant;

    @Mixin
    private Settings settings;

    private final PrintStream answers = System.out;

    private SideMain() {}

    public static void main(String[] args) {
        SideMain side = new SideMain();
        System.setOut(System.err); // standard output carries answers only
        System.exit(new CommandLine(side).execute(args));
    }

    @Override
    public Integer call() throws IOException {
        Benchmark benchmark = Benchmarks.of(name);
        long atStart = kib("VmRSS");
        Side side = variant.equals(OURS) ? benchmark.ours(settings) : benchmark.peer(settings, variant);
        BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        long atReady = kib("VmRSS");
        answers.println("ready");
        for (String line = requests.readLine(); line != null; line = requests.readLine()) {
            String[] words = line.split(" ", -1);
            answers.println(
                    switch (words[0]) {
                        case "check" -> values(side.check(Integer.parseInt(words[1])));
                        case "warm-up" ->
                            "took " + warmUp(side, Integer.parseInt(words[1]), Double.parseDouble(words[2]));
                        case "round" -> round(side, Integer.parseInt(words[1]), Integer.parseInt(words[2]));
                        case "memory" -> "kib " + kib("VmHWM") + " " + atStart + " " + atReady;
                        case "remark" -> "remark " + side.remark();
                        default -> "unknown request " + line;
                    });
            answers.flush();
        }
        return 0;
    }

    private static String values(List<float[]> parts) {
        StringJoiner line = new StringJoiner(" / ", "values ", "");
        for (float[] part : parts) {
            StringJoiner numbers = new StringJoiner(" ");
            for (float v : part) {
                numbers.add(Float.toString(v));
            }
            line.add(numbers.toString());
        }
        return line.toString();
    }

    /// Lasts for so many seconds of CPU time too: on a busy machine a process may hardly have run in a second, and
    /// nothing would be compiled.
    private static long warmUp(Side side, int row, double seconds) {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        long cpuEnd = CpuClock.nanos() + (long) (seconds * 1e9);
        long best = Long.MAX_VALUE;
        for (int i = 0; i < LEAST_WARM_UP_RUNS || System.nanoTime() < end || CpuClock.nanos() < cpuEnd; i++) {
            long start = System.nanoTime();
            side.run(row);
            best = Math.min(best, System.nanoTime() - start);
        }
        return best;
    }

    /// A quarter of the runs more come first and are not timed: the other side has left its own numbers in the caches.
    private static String round(Side side, int row, int runs) {
        long begin = CpuClock.nanos();
        for (int i = 0; i < runs / 4; i++) {
            side.run(row);
        }
        long cpu = CpuClock.nanos();
        long start = System.nanoTime();
        for (int i = 0; i < runs; i++) {
            side.run(row);
        }
        long wall = System.nanoTime() - start;
        long end = CpuClock.nanos();
        return "took " + wall + " " + (end - cpu) + " " + (end - begin);
    }

    /// A line of `/proc/self/status`, 0 where there is none.
    static long kib(String field) throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return 0;
        }
        return Files.readAllLines(status).stream()
                .filter(l -> l.startsWith(field + ":"))
                .mapToLong(l -> Long.parseLong(l.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElse(0);
    }
}
