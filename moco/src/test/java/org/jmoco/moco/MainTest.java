package org.jmoco.moco;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jmoco.moco.command.Failures;
import org.jmoco.moco.config.Binder;
import org.jmoco.moco.config.ConfigTree;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.nn.Arch;
import org.jmoco.nn.Heads;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.StateDict;
import org.jmoco.nn.Stem;
import org.jmoco.tensor.backend.Devices;
import org.jmoco.tensor.io.SafeTensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
    @TempDir
    Path temp;

    record Result(int code, String out, String err) {}

    static Result run(String... args) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream newOut = new ByteArrayOutputStream();
        ByteArrayOutputStream newErr = new ByteArrayOutputStream();
        System.setOut(new PrintStream(newOut, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(newErr, true, StandardCharsets.UTF_8));
        try {
            int code = Main.run(args);
            return new Result(code, newOut.toString(StandardCharsets.UTF_8), newErr.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    @Test
    void everyConfigOfTheProjectIsRead() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("../configs"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".yaml")).toList()) {
                MocoConfig c = Binder.bind(ConfigTree.read(file), MocoConfig.defaults());
                assertEquals(file.getFileName().toString(), c.name() + ".yaml");
            }
        }
    }

    @Test
    void configPrintsEveryValue() {
        Result r =
                run("config", "--config", "../configs/mocov1_resnet50_8xb32-steplr-200e_in1k.yaml", "--set", "seed=5");
        assertEquals(0, r.code(), r.err());
        assertTrue(
                r.out().contains("seed: 5\n")
                        && r.out().contains("  milestones: [120, 160]\n")
                        && r.out().contains("  weight-decay: 1.0E-4\n"),
                r.out());
    }

    @Test
    void aMistakeIsOneLineAndANonZeroExit() throws IOException {
        Path file = Files.writeString(temp.resolve("a.yaml"), "bacth: 3\n");
        Result r = run("config", "--config", file.toString());
        assertEquals(1, r.code());
        assertTrue(
                r.err().startsWith("jmoco: a.yaml, line 1: unknown key bacth; known here: name, seed, data, "),
                r.err());
        assertEquals(1, r.err().lines().count());
        assertEquals(
                "jmoco: config file " + temp.resolve("none.yaml") + " does not exist\n",
                run("config", "--config", temp.resolve("none.yaml").toString()).err());
        assertEquals(2, run("config").code());
    }

    @Test
    void devicesAreThoseOfTheEngineEachWithItsReason() {
        Result r = run("devices");
        assertEquals(0, r.code());
        assertEquals(Devices.list().size(), r.out().lines().count(), r.out());
        assertTrue(r.out().startsWith("jvm: "), r.out());
        Devices.list().stream()
                .filter(d -> !d.available())
                .forEach(d -> assertTrue(r.out().contains(d.name() + ": not available, " + d.description()), r.out()));
    }

    @Test
    void aStepIsDrawnInBothLanguages() {
        Result dot = run("graph", "--config", "../configs/smoke.yaml");
        assertTrue(
                dot.code() == 0
                        && dot.out().startsWith("digraph \"moco-step\" {")
                        && dot.out().contains("encoder_k.layer1"),
                dot.err());
        Result parts = run(
                "graph",
                "--config",
                "../configs/smoke.yaml",
                "--set",
                "ranks=2",
                "--format",
                "mermaid",
                "--depth",
                "1",
                "--rewritten");
        assertTrue(
                parts.code() == 0
                        && parts.out().contains("title: moco-first-keys")
                        && parts.out().contains("title: moco-finish"),
                parts.err());
        assertEquals(
                2,
                run("graph", "--config", "../configs/smoke.yaml", "--depth", "0")
                        .code());
    }

    @Test
    void aProfileEndsWithItsResult() {
        Result r = run(
                "profile",
                "--config",
                "../configs/smoke.yaml",
                "--set",
                "batch=8",
                "--set",
                "model.width=4",
                "--warm-up",
                "0",
                "--steps",
                "1");
        assertTrue(
                r.code() == 0
                        && r.out().contains("conv2dWeightGradient")
                        && r.out().lines().toList().getLast().startsWith("result stepMillis="),
                r.out() + r.err());
    }

    @Test
    void weightsAreInspectedConvertedAndCompared() {
        ResNet net = new ResNet(
                ResNet.Config.of(Arch.RESNET18).stem(Stem.CIFAR).width(2), features -> Heads.mlp(features, 8));
        net.initialize(3);
        Path file = temp.resolve("encoder.safetensors");
        SafeTensors.write(file, StateDict.of(net), Map.of());
        Result inspected = run("weights", "inspect", file.toString());
        assertTrue(
                inspected.code() == 0
                        && inspected.out().contains("ResNet-18 (CIFAR stem, width 2, head 16-8), complete"),
                inspected.out() + inspected.err());
        Path torch = temp.resolve("encoder.pth");
        assertEquals(
                0, run("weights", "convert", file.toString(), torch.toString()).code());
        assertEquals(
                0, run("weights", "diff", file.toString(), torch.toString()).code());
        Path backbone = temp.resolve("backbone.pth");
        assertEquals(
                0,
                run("weights", "extract", file.toString(), backbone.toString()).code());
        Result different = run("weights", "diff", file.toString(), backbone.toString());
        assertTrue(different.code() == 1 && different.out().contains("only in the first file"), different.out());
        Result wrong = run(
                "weights",
                "convert",
                file.toString(),
                temp.resolve("encoder.h5").toString());
        assertTrue(
                wrong.code() == 1
                        && wrong.err().contains("unknown extension")
                        && wrong.err().lines().count() == 1,
                wrong.err());
    }

    @Test
    void everyCommandHelpsWithAnExample() {
        List<String> open = new ArrayList<>(List.of(""));
        int seen = 0;
        while (!open.isEmpty()) {
            String command = open.removeLast();
            String[] words = (command + " --help").strip().split(" ");
            Result r = run(words);
            assertEquals(0, r.code(), command);
            assertEquals("", r.err(), command);
            if (r.out().contains("\nCommands:")) {
                r.out()
                        .lines()
                        .dropWhile(l -> !l.equals("Commands:"))
                        .skip(1)
                        .filter(l -> l.matches("  [a-z].*"))
                        .forEach(l -> open.add((command + " " + l.strip().split("[ ,]")[0]).strip()));
            } else {
                assertTrue(r.out().contains("Example"), command + " shows no example");
                seen++;
            }
        }
        assertTrue(seen > 15, seen + " commands");
    }

    /// What is wrong comes last and alone: no list of options scrolls it away.
    @Test
    void aWrongCommandLineIsOneLineWithTheNearestName() {
        for (String[] wrong : new String[][] {
            {"knn", "--weigths", "x", "--data", "sample", "there is no option --weigths; did you mean --weights?"},
            {"kn", "there is no command kn; did you mean knn?"},
            {"knn", "--wieghts", "x", "--data", "sample", "there is no option --wieghts; did you mean --weights?"},
            {"knn", "--weight=x", "--data", "sample", "there is no option --weight=x; did you mean --weights?"},
            {"nocommand", "there is no command nocommand; `jmoco --help` shows more"},
            {"data", "chek", "there is no command chek; did you mean check?"},
            {"knn", "--k", "many", "--weights", "x", "--data", "sample", "'many' is not an int"},
            {"pretrain", "--out", "x", "Missing required option: '--config=FILE'"},
        }) {
            Result r = run(Arrays.copyOf(wrong, wrong.length - 1));
            assertEquals(2, r.code());
            assertEquals(1, r.err().lines().count(), r.err());
            assertTrue(r.err().contains(wrong[wrong.length - 1]) && r.err().contains(" --help` shows more"), r.err());
        }
    }

    @Test
    void examplesAreNotBroken() {
        Result r = run("evaluate", "--help");
        assertTrue(
                r.out().lines().anyMatch(l -> l.startsWith("Example: ") && l.endsWith("--out runs/demo-suite")),
                r.out());
    }

    @Test
    void whatNobodyForesawIsOneLineAndAFileWithTheTrace() throws IOException {
        StringWriter err = new StringWriter();
        int code = Failures.explain(new IllegalStateException("a\nb"), new PrintWriter(err), "knn", "--k", "1");
        assertEquals(1, code);
        assertEquals(1, err.toString().lines().count());
        Matcher file = Pattern.compile("jmoco: a defect of jmoco: IllegalStateException: a b; (\\S+\\.txt) says.*\n")
                .matcher(err.toString());
        assertTrue(file.matches(), err.toString());
        String trace = Files.readString(Path.of(file.group(1)));
        Files.delete(Path.of(file.group(1)));
        assertTrue(trace.startsWith("jmoco knn --k 1\n") && trace.contains("\tat org.jmoco.moco.MainTest"), trace);
    }

    @Test
    void shellsCanCompleteTheCommands() {
        Result r = run("generate-completion");
        assertTrue(r.code() == 0 && r.out().contains("_complete_jmoco"), r.err());
    }
}
