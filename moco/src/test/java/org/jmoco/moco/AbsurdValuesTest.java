package org.jmoco.moco;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/// Every command and option with values that nobody means: each ends in one line, or does what it says.
///
/// The locale changes from one to the next. A run takes a sample of them; `-Djmoco.absurd=all` takes all, some minutes.
class AbsurdValuesTest {
    private static final List<String> VALUES = List.of(
            "-1",
            "0",
            "2147483647",
            "-2147483649",
            "99999999999999999999",
            "1e400",
            "NaN",
            "",
            " ",
            "no such thing",
            "größe/λ",
            "a\nb",
            "%s %d",
            "../..",
            "~",
            "FOLDER",
            "FILE",
            ",",
            "=");

    /// Options that say how much is to be done: a huge value is no mistake, and takes for ever.
    private static final List<String> WORK = List.of("--steps", "--warm-up", "--runs", "--samples", "--images");

    /// Names of what is written: it stays below the test's folder.
    private static final List<String> WRITTEN =
            List.of("--out", "--trace", "--findings", "--weights-out", "--log-losses", "--cache-dir", "TARGET");

    /// Where a comma divides, i has no dot as a capital letter, or digits look otherwise.
    private static final List<Locale> LOCALES =
            List.of(Locale.ROOT, Locale.GERMANY, Locale.of("tr", "TR"), Locale.forLanguageTag("ar-EG-u-nu-arab"));

    private final Locale locale = Locale.getDefault();
    private final String home = System.getProperty("user.home");

    @TempDir
    private Path temp;

    private Path folder;
    private Path file;
    private final Map<String, List<String>> valid = new LinkedHashMap<>();
    private int runs;

    /// Each command as it works, on the least that it takes.
    @BeforeEach
    void commandsThatWork() throws IOException {
        System.setProperty("user.home", temp.resolve("out").toString());
        folder = temp.resolve("images");
        file = temp.resolve("text.txt");
        Files.writeString(file, "a b c\n");
        for (String part : List.of("train", "test")) {
            for (int i = 0; i < 8; i++) {
                Miniatures.image(folder.resolve(part + "/c" + i % 2 + "/" + i + ".png"), i % 2, i);
            }
        }
        Path weights = temp.resolve("w.safetensors");
        Miniatures.Result made = Miniatures.run(
                "pretrain",
                "--config",
                "../configs/smoke.yaml",
                "--set",
                "knn.every=0",
                "--set",
                "schedule.steps=1",
                "--out",
                temp.resolve("run"));
        assertTrue(made.code() == 0, made.toString());
        Files.copy(temp.resolve("run/final.safetensors"), weights);
        String config = "../configs/smoke.yaml";
        String linear = "../configs/benchmarks/resnet18_linear-b256-steplr-100e_cifar10.yaml";
        String semi = "../configs/benchmarks/resnet18_head_b64-steplr-20e_cifar10-10pct.yaml";
        valid.put(
                "compare",
                List.of(temp.resolve("run").toString(), temp.resolve("run").toString()));
        valid.put("config", List.of("--config", config));
        valid.put("data check", List.of(folder.toString()));
        valid.put("data scenes", List.of("--out", out("scenes"), "--train", "1", "--test", "1"));
        valid.put("data show", List.of("--config", config, "--out", out("grid.png")));
        valid.put("explain", List.of("relu", "--runs", "1"));
        valid.put(
                "extract",
                List.of("--weights", weights.toString(), "--data", folder.toString(), "--out", out("f.npy")));
        valid.put("graph", List.of("--config", config));
        valid.put("knn", List.of("--weights", weights.toString(), "--data", folder.toString()));
        valid.put(
                "linear",
                List.of(
                        "--config",
                        linear,
                        "--weights",
                        weights.toString(),
                        "--data",
                        folder.toString(),
                        "--out",
                        out("linear"),
                        "--set",
                        "recipe.epochs=1"));
        valid.put("parity", List.of("--config", "../configs/parity.yaml", "--noise", "8", "--steps", "1"));
        valid.put("plan", List.of("--config", config, "--no-trial"));
        valid.put(
                "pretrain",
                List.of(
                        "--config",
                        config,
                        "--set",
                        "knn.every=0",
                        "--set",
                        "schedule.steps=1",
                        "--out",
                        out("pretrain")));
        valid.put(
                "profile",
                List.of(
                        "--config",
                        config,
                        "--set",
                        "model.width=1",
                        "--set",
                        "batch=4",
                        "--steps",
                        "1",
                        "--warm-up",
                        "1"));
        valid.put("report", List.of(temp.resolve("run").toString(), "--out", out("r.html")));
        valid.put(
                "semi",
                List.of(
                        "--config",
                        semi,
                        "--weights",
                        weights.toString(),
                        "--data",
                        folder.toString(),
                        "--out",
                        out("semi")));
        valid.put("svm", List.of("--weights", weights.toString(), "--data", folder.toString(), "--costs", "1"));
        valid.put(
                "lowshot",
                List.of(
                        "--weights",
                        weights.toString(),
                        "--data",
                        folder.toString(),
                        "--k",
                        "1",
                        "--costs",
                        "1",
                        "--samples",
                        "1"));
        // What would take long or write elsewhere gets as far as its check of what is missing.
        String missing = temp.resolve("missing").toString();
        valid.put("demo", List.of("--set", "no.such.key=1", "--out", out("demo")));
        valid.put(
                "evaluate",
                List.of(
                        "--suite",
                        "cifar10",
                        "--weights",
                        weights.toString(),
                        "--data",
                        missing,
                        "--out",
                        out("suite")));
        valid.put(
                "segment",
                List.of(
                        "--config",
                        "../configs/benchmarks/fcn_r18w16-d4_scenes.yaml",
                        "--weights",
                        weights.toString(),
                        "--data",
                        missing,
                        "--out",
                        out("segment")));
        valid.put(
                "detect",
                List.of(
                        "--config",
                        "../configs/benchmarks/faster_rcnn_r18w16_c4_scenes.yaml",
                        "--weights",
                        weights.toString(),
                        "--data",
                        missing,
                        "--out",
                        out("detect")));
        valid.put("tune", List.of("--forget"));
        valid.put("weights inspect", List.of(weights.toString()));
        valid.put("weights convert", List.of(weights.toString(), out("c.pth")));
        valid.put("weights extract", List.of(weights.toString(), out("e.safetensors")));
        valid.put("weights diff", List.of(weights.toString(), weights.toString()));
    }

    @AfterEach
    void homeAgain() {
        Locale.setDefault(locale);
        System.setProperty("user.home", home);
    }

    private String out(String name) {
        return temp.resolve("out/" + name).toString();
    }

    @Test
    void everyOptionTakesAnyValueOrRefusesItInOneLine() throws IOException {
        boolean all = "all".equals(System.getProperty("jmoco.absurd"));
        SplittableRandom random = new SplittableRandom(7);
        List<String> wrong = new ArrayList<>();
        Files.createDirectories(temp.resolve("out"));
        everyArgument((command, argument) -> {
            List<String> values = VALUES.stream()
                    .filter(v -> !(v.equals("2147483647") && WORK.contains(name(argument))))
                    .toList();
            for (String value : all ? values : List.of(values.get(random.nextInt(values.size())))) {
                check(command, argument, value, wrong);
            }
        });
        assertTrue(runs > 100, () -> runs + " runs");
        assertTrue(wrong.isEmpty(), () -> wrong.size() + " of " + runs + ":\n" + String.join("\n", wrong));
    }

    private static String name(ArgSpec argument) {
        return argument instanceof OptionSpec o ? o.longestName() : "";
    }

    /// All options and parameters with a value, of the commands that a test can run: not those that fetch, measure
    /// the machine or train for minutes.
    private void everyArgument(BiConsumer<String, ArgSpec> body) {
        CommandLine main = Main.commandLine("generate-completion");
        for (String command : valid.keySet()) {
            CommandLine c = main;
            for (String word : command.split(" ")) {
                c = c.getSubcommands().get(word);
            }
            Stream.concat(c.getCommandSpec().options().stream(), c.getCommandSpec().positionalParameters().stream())
                    .filter(a -> a.arity().max() > 0 && !name(a).equals("--device"))
                    .forEach(a -> body.accept(command, a));
        }
    }

    private void check(String command, ArgSpec argument, String value, List<String> wrong) {
        runs++;
        boolean written = WRITTEN.contains(argument instanceof OptionSpec ? name(argument) : argument.paramLabel());
        String absurd = switch (value) {
            case "FOLDER" -> folder.toString();
            case "FILE" -> file.toString();
            case "", " ", "~" -> value;
            default -> written ? out(value.equals("../..") ? "a/../b/.." : value) : value;
        };
        List<String> args = new ArrayList<>(List.of(command.split(" ")));
        List<String> base = new ArrayList<>(valid.get(command));
        if (argument instanceof OptionSpec option) {
            int at = base.indexOf(option.longestName());
            if (at >= 0 && !option.longestName().equals("--set")) {
                base.subList(at, at + 2).clear();
            }
            args.addAll(base);
            args.add(option.longestName() + "=" + absurd);
        } else {
            base.set(0, absurd);
            args.addAll(base);
        }
        Locale.setDefault(LOCALES.get(runs % LOCALES.size()));
        Miniatures.Result result = Miniatures.run(args.toArray());
        String said = String.join("\n", result.err());
        boolean told = result.code() == 0
                || !result.err().isEmpty()
                        && result.err().getLast().startsWith("jmoco")
                        && (result.code() == 1 || result.err().size() == 1);
        boolean raw = Stream.of("\tat ", "a defect of jmoco", "picocli", "WARNING", "Exception", "java.", "not null")
                .anyMatch(said::contains);
        if (!told || raw || result.code() < 0 || result.code() > 2) {
            wrong.add(String.join(" ", args) + "\n  " + result.code() + ": "
                    + (result.err().isEmpty() ? "" : result.err().getLast()));
        }
        try {
            deleteOutput();
        } catch (IOException e) {
            wrong.add(args + ": " + e);
        }
    }

    private void deleteOutput() throws IOException {
        try (Stream<Path> below = Files.walk(temp.resolve("out"))) {
            for (Path p : below.sorted((a, b) -> b.compareTo(a)).toList()) {
                if (!p.equals(temp.resolve("out"))) {
                    Files.delete(p);
                }
            }
        }
    }
}
