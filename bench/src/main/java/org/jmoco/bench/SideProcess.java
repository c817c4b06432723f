package org.jmoco.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A side seen from the process that compares: sends the requests of [SideMain] and reads the answers.
final class SideProcess implements AutoCloseable {
    private static final long END_SECONDS = 10;

    /// What a JVM begins with when the native code in it has crashed.
    private static final String CRASH = "#";

    /// What holds LibTorch's parts to AVX2: oneDNN, OpenBLAS, ATen's own kernels.
    private static final Map<String, String> AVX2 =
            Map.of("ONEDNN_MAX_CPU_ISA", "AVX2", "OPENBLAS_CORETYPE", "Haswell", "ATEN_CPU_CAPABILITY", "avx2");

    private final String name;
    private final Process process;
    private final BufferedReader answers;
    private final BufferedWriter requests;
    private final List<Double> roundMillis = new ArrayList<>();
    private final List<Double> roundCpuMillis = new ArrayList<>();
    private int runs = 1;

    private SideProcess(String name, Process process) {
        this.name = name;
        this.process = process;
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        requests = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    }

    /// Starts a side and waits until it is ready.
    ///
    /// @param settings what OpenMP and BLAS libraries in it are told: the number of threads, and which instructions
    static SideProcess start(String name, List<String> command, Settings settings) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        for (String variable : List.of("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")) {
            builder.environment().put(variable, Integer.toString(settings.threads));
        }
        if (settings.avx2) {
            builder.environment().putAll(AVX2);
        }
        try {
            SideProcess side = new SideProcess(name, builder.start());
            side.expect("ready");
            return side;
        } catch (IOException e) {
            throw new BenchException(name + " cannot be started: " + e.getMessage(), e);
        }
    }

    String name() {
        return name;
    }

    /// The results of a row's first run, part by part.
    List<double[]> check(int row) {
        String line = String.join(" ", ask("check " + row, "values")).substring("values ".length());
        return Arrays.stream(line.split(" / ", -1))
                .map(part -> Arrays.stream(part.split(" ", -1))
                        .mapToDouble(Double::parseDouble)
                        .toArray())
                .toList();
    }

    /// Runs a row for some time and settles how many runs make a round.
    void warmUp(int row, double seconds, double roundSeconds) {
        double best = Double.parseDouble(ask("warm-up " + row + " " + seconds, "took")[1]);
        runs = (int) Math.max(1, Math.ceil(roundSeconds * 1e9 / best));
        roundMillis.clear();
        roundCpuMillis.clear();
    }

    /// One timed round.
    ///
    /// @return its CPU time in nanoseconds, with that of the runs before it that are not timed
    long round(int row) {
        String[] words = ask("round " + row + " " + runs, "took");
        roundMillis.add(Long.parseLong(words[1]) * 1e-6 / runs);
        roundCpuMillis.add(Long.parseLong(words[2]) * 1e-6 / runs);
        return Long.parseLong(words[3]);
    }

    /// Milliseconds a run since the last warm-up.
    Spread millis() {
        return Spread.of(roundMillis);
    }

    /// CPU milliseconds a run since the last warm-up.
    Spread cpuMillis() {
        return Spread.of(roundCpuMillis);
    }

    /// Resident memory in MiB: the most so far, before anything was loaded, and before the first run.
    double[] memoryMib() {
        return Arrays.stream(ask("memory", "kib"))
                .skip(1)
                .mapToDouble(w -> Long.parseLong(w) / 1024.0)
                .toArray();
    }

    /// What else it has noticed; empty if nothing.
    String remark() {
        return String.join(" ", ask("remark", "remark"))
                .substring("remark".length())
                .strip();
    }

    private String[] ask(String request, String answer) {
        try {
            requests.write(request);
            requests.newLine();
            requests.flush();
        } catch (IOException e) {
            throw ended(e);
        }
        return expect(answer);
    }

    private String[] expect(String answer) {
        try {
            String line = answers.readLine();
            if (line == null) {
                throw ended(null);
            }
            if (line.startsWith(CRASH)) {
                throw new Ended("the process of " + name + " crashed in native code: " + frame(), null);
            }
            String[] words = line.split(" ", -1);
            if (!words[0].equals(answer)) {
                throw new BenchException(name + " answered '" + line + "' where '" + answer + "' was expected");
            }
            return words;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Where, as the JVM says in the lines that follow.
    private String frame() throws IOException {
        for (String line = answers.readLine(); line != null; line = answers.readLine()) {
            if (line.startsWith("# C ")) {
                return line.substring("# C ".length()).strip();
            }
        }
        return "it does not say where";
    }

    private Ended ended(IOException cause) {
        return new Ended("the process of " + name + " ended early; its own messages above say why", cause);
    }

    /// A side whose process is gone, by a crash of its library for one.
    static final class Ended extends BenchException {
        private static final long serialVersionUID = 1;

        Ended(String message, IOException cause) {
            super(message, cause);
        }
    }

    /// Ends the process, with all it has started.
    @Override
    public void close() {
        try {
            requests.close();
        } catch (IOException e) {
            // it has ended already
        }
        List<ProcessHandle> children = process.descendants().toList();
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        Stream.concat(children.stream(), Stream.of(process.toHandle())).forEach(ProcessHandle::destroyForcibly);
    }
}
