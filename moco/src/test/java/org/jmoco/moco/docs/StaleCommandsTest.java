package org.jmoco.moco.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What pages and comments tell to type can be typed: commands, options, keys of configurations, files, modules and
/// profiles, tests and variables are there. In blocks, tables, sentences and comments alike; nothing is run.
class StaleCommandsTest {
    /// What pages show besides the project's own programs.
    private static final Set<String> OTHERS = Set.of(
            "apt-get",
            "cd",
            "curl",
            "dot",
            "export",
            "git",
            "podman",
            "sdk",
            "source",
            "srun",
            "touch",
            "$TORNADOVM_HOME/bin/tornado");
    /// Options in a sentence that are not jmoco's.
    private static final Pattern OF_OTHERS = Pattern.compile(
            "--(bind-to|mca|allow-run-as-root|oversubscribe|mpi|signal|add-modules|enable-native-access|params"
                    + "|deterministic|memory LEAST|aug-plus|resume checkpoint.pth.tar)\\b.*");

    private static final Set<String> FOLDERS = Set.of(
            "configs",
            "docs",
            "launch",
            "bench",
            "tornado-config",
            ".ci",
            "tensor",
            "nn",
            "eval",
            "moco",
            "fuzz",
            "bom");
    private static final Pattern VARIABLE = Pattern.compile("((?:JMOCO|TORNADOVM|BENCH|EMULATOR|GPU)_[A-Z]+)(=.*)?");

    private static List<Page> pages;
    private static Sources sources;
    private static MavenLine maven;
    private static Set<String> benchmarks;

    @BeforeAll
    static void read() throws IOException {
        pages = Page.all();
        sources = new Sources();
        maven = new MavenLine(Page.PROJECT, sources);
        benchmarks = new TreeSet<>();
        found("(?m)^    ([a-z][a-z0-9 |-]+)\\)$", "bench/run")
                .flatMap(names -> Stream.of(names.split(" \\| ")))
                .forEach(benchmarks::add);
        found("ALL\\.put\\(\\s*\"(.*?)\"", "bench/src/main/java/org/jmoco/bench/Benchmarks.java")
                .forEach(benchmarks::add);
    }

    private static Stream<String> found(String pattern, String file) throws IOException {
        return Pattern.compile(pattern)
                .matcher(Files.readString(Page.PROJECT.resolve(file)))
                .results()
                .map(m -> m.group(1));
    }

    @Test
    void everythingToTypeCanBeTyped() throws IOException {
        List<String> stale = new ArrayList<>();
        int programs = 0;
        for (Page page : pages) {
            for (Page.Said said : page.said()) {
                wrong(said).ifPresent(why -> stale.add(said + "\n    " + why));
                programs += isCommand(said) ? 1 : 0;
            }
        }
        assertTrue(stale.isEmpty(), () -> stale.size() + " stale:\n" + String.join("\n", stale));
        assertTrue(programs > 200, programs + " commands");
    }

    /// Else nothing would find the others.
    @Test
    void whatIsStaleIsFound() throws IOException {
        String page = """
            ```bash
            ./jmoco knn --weigths a --data sample
            ./jmoco pretrain --out runs/x            # a configuration is missing
            ./jmoco pretrain --config configs/none.yaml --out runs/x
            mvn -B verify -pl nowhere -am
            mvn -B verify -pl moco -am -Dtest=MainTest
            bench/run slowest
            rm -rf /
            ```
            `./jmoco learn`, `./jmoco plan --config FILE --image N`, `mvn -Pnever install`, `-Pnever`,
            `mvn verify -Dtest=NoTest`, `-Djmoco.nothing=1`, `--never`, `bench/run sgemm --sise 3`,
            `.ci/never`, `java -cp x org.jmoco.Never`, `launch/never.args`, `JMOCO_NEVER=1`, `NeverTest#never`,
            `weights convert --party x`,
            `pretrain --set contrast.heat=1`, `mpirun -n 4 … ./jmoco segment … --sett x`

                tornado -cp moco/target/jmoco.jar org.jmoco.moco.Main --params "svm --feature x.npy"
            """;
        for (Page.Said said : new Page(Path.of("docs/x.md"), page).said()) {
            assertTrue(wrong(said).isPresent(), said.toString());
        }
        assertEquals(24, new Page(Path.of("docs/x.md"), page).said().size());
    }

    @Test
    void linksLeadSomewhere() throws IOException {
        List<String> lost = new ArrayList<>();
        for (Page page : pages) {
            if (!page.isMarkdown()) {
                continue;
            }
            for (String link : Pattern.compile("\\]\\(([^)\\s]+)\\)")
                    .matcher(page.text())
                    .results()
                    .map(m -> m.group(1))
                    .toList()) {
                if (!link.startsWith("https://") && !leads(page.file(), link)) {
                    lost.add(page.file() + ": " + link);
                }
            }
        }
        assertEquals(List.of(), lost);
    }

    private static boolean leads(Path page, String link) throws IOException {
        int sharp = link.indexOf('#');
        String name = sharp < 0 ? link : link.substring(0, sharp);
        Path file = name.isEmpty() ? page : page.resolveSibling(name);
        return Files.exists(file)
                && (sharp < 0
                        || Pattern.compile("(?m)^#+ (.*)$")
                                .matcher(Files.readString(file))
                                .results()
                                .anyMatch(m -> anchor(m.group(1)).equals(link.substring(sharp + 1))));
    }

    /// As GitHub makes them.
    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
    }

    private static boolean isCommand(Page.Said said) {
        return ShellLine.commands(said.text()).stream()
                .anyMatch(w -> w.getFirst().matches("(.*/)?jmoco|mvn|bench/(run|gpu)|\\.ci/.*|java|jshell|tornado"));
    }

    private static Optional<String> wrong(Page.Said said) throws IOException {
        Path folder = said.page().file().toString().contains("/examples/")
                ? said.page().file().getParent()
                : Page.PROJECT;
        for (List<String> words : ShellLine.commands(said.text())) {
            if (words.getFirst().equals("cd") && words.size() == 2) {
                folder = folder.resolve(words.get(1)).normalize();
            }
            Optional<String> wrong = wrong(said, words, folder);
            if (wrong.isPresent()) {
                return wrong;
            }
            if (!said.whole()) {
                break;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> wrong(Page.Said said, List<String> words, Path folder) throws IOException {
        String first = words.getFirst();
        List<String> rest = words.subList(1, words.size());
        boolean old = words.size() == 1 && said.page().file().toString().contains("/decisions/"); // how it was once
        Optional<String> file = words.stream()
                .filter(w -> !old && !isThere(w, said.page().file()))
                .findFirst();
        if (file.isPresent()) {
            return Optional.of("there is no " + file.get());
        }
        if (first.matches("mpirun.*|srun|podman")) {
            int start =
                    words.stream().map(w -> w.matches("(\\./)?jmoco")).toList().lastIndexOf(true);
            boolean other = start < 0 || first.equals("podman") && words.contains("build");
            return other ? Optional.empty() : JmocoLine.wrong(words.subList(start + 1, words.size()), said.whole());
        }
        return switch (first) {
            case "./jmoco", "jmoco" -> JmocoLine.wrong(rest, said.whole());
            case "mvn" -> (folder.equals(Page.PROJECT) ? maven : new MavenLine(folder, sources)).wrong(rest);
            case "bench/run" -> benchmark(rest);
            case "java", "jshell", "tornado" -> java(rest, said.whole());
            default -> first.contains("/") || OTHERS.contains(first) ? Optional.empty() : other(said, words);
        };
    }

    /// What is no program: options, tests and variables in a sentence.
    private static Optional<String> other(Page.Said said, List<String> words) {
        String first = words.getFirst();
        if (said.whole()) {
            return Optional.of("a program that this test does not know");
        }
        var variable = VARIABLE.matcher(first);
        if (variable.matches()) {
            return when(!sources.hasText(variable.group(1)), "nothing reads it");
        }
        if (first.matches("\\w+(Test|Fuzz)(#\\w+)?") && words.size() == 1) {
            return when(!sources.hasTest(first), "there is no such test");
        }
        if (first.matches("-[DP][a-z].*")) {
            return maven.wrong(words);
        }
        if (first.startsWith("--") && !OF_OTHERS.matcher(said.text()).matches()) {
            boolean ofBenchmarks = said.page().file().startsWith(Page.PROJECT.resolve("bench"));
            return ofBenchmarks ? benchmarkOption(first) : when(!JmocoLine.isOptionOfSome(words), "no command has it");
        }
        boolean options = words.size() > 1 && words.get(1).startsWith("--");
        if (options && JmocoLine.commands().anyMatch(c -> c.getCommandName().equals(first))) {
            return when(
                    !JmocoLine.isBehindSome(first, words.subList(1, words.size())), "no command of this name has it");
        }
        boolean grouped = words.size() > 2 && words.get(2).startsWith("--");
        return grouped && first.matches("data|weights") ? JmocoLine.wrong(words, false) : Optional.empty();
    }

    private static Optional<String> when(boolean wrong, String why) {
        return wrong ? Optional.of(why) : Optional.empty();
    }

    private static Optional<String> benchmark(List<String> words) throws IOException {
        if (words.isEmpty() || words.getFirst().matches("--help|NAME")) {
            return Optional.empty();
        }
        if (!benchmarks.contains(words.getFirst())) {
            return Optional.of("there is no benchmark " + words.getFirst() + " in " + benchmarks);
        }
        return words.stream()
                .filter(w -> w.startsWith("--"))
                .flatMap(w -> benchmarkOption(w).stream())
                .findFirst();
    }

    private static Optional<String> benchmarkOption(String name) {
        return when(!sources.hasText("\"" + name + "\""), "no benchmark has " + name);
    }

    private static Optional<String> java(List<String> words, boolean whole) {
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.startsWith("org.jmoco.") && !sources.hasClass(word)) {
                return Optional.of("there is no class " + word);
            }
            if (word.equals("--params")) {
                return JmocoLine.wrong(List.of(words.get(i + 1).split(" ")), whole);
            }
            if (word.endsWith("/jmoco.jar") && i > 0 && words.get(i - 1).equals("-jar")) {
                return JmocoLine.wrong(words.subList(i + 1, words.size()), false);
            }
        }
        return Optional.empty();
    }

    /// Whether a word names no file of the project, or one that is there.
    private static boolean isThere(String word, Path page) {
        String name =
                word.replaceFirst("^--?[A-Za-z.-]+=", "").replaceFirst("^@", "").replaceFirst("^\\./", "");
        int slash = name.indexOf('/');
        if (slash <= 0
                || !FOLDERS.contains(name.substring(0, slash))
                || name.matches(".*(/target/|/\\.cifuzz-corpus|…|[*{]|[A-Z]{3}).*")
                || name.contains(" ")) {
            return true;
        }
        return Files.exists(Page.PROJECT.resolve(name))
                || Files.exists(page.resolveSibling(name))
                || sources.hasPackage(name);
    }
}
