package org.jmoco.moco.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Text that people read and copy from: a page, or the comments of a script, a configuration or a source.
///
/// @param file below [#PROJECT]
/// @param text of a page all of it, of others their comments, without the signs before them
record Page(Path file, String text) {
    static final Path PROJECT = Path.of("..");

    private static final Pattern FENCE = Pattern.compile("(?m)^```(\\w*)\n(.*?)^```$", Pattern.DOTALL);
    private static final Pattern SPAN = Pattern.compile("(?<!`)`([^`]+)`");
    /// An indented line after an empty one or another of its kind, as pages show commands without a fence.
    private static final Pattern INDENTED = Pattern.compile("(?m)(?<=\n\n)(?: {4}\\S.*\n)+");
    /// In comments commands stand further in than the text.
    private static final Pattern FURTHER_IN = Pattern.compile(
            "(?m)^ {2,}((?:LD_\\S+ )?(?:\\./jmoco|bench/run|bench/gpu|\\.ci/\\w+|mvn|java|jmoco|tornado|podman|mpirun)"
                    + " .*)$");
    /// What is behind a command says what it is for.
    private static final Pattern REMARK = Pattern.compile("\\s+#\\s.*|\\s{4,}\\S.*");

    /// What a page says in the type of code.
    ///
    /// @param whole whether it is a line to copy; words between others may leave out what matters elsewhere
    record Said(Page page, String text, boolean whole) {
        @Override
        public String toString() {
            return page.file() + ": " + text;
        }
    }

    /// The pages, then the others.
    static List<Page> all() throws IOException {
        List<Page> pages = new ArrayList<>();
        for (Path file : files("", 1)) {
            switch (file.getFileName().toString()) {
                case "README.md" -> pages.add(page(file));
                case "jmoco", "Containerfile" -> pages.add(comments(file, "\\s*#"));
                case "jmoco.cmd" -> pages.add(comments(file, "\\s*rem"));
                case "pom.xml" -> pages.add(xml(file));
                default -> {}
            }
        }
        for (String folder : List.of("docs", "tornado-config", "nn/src/main/resources")) {
            for (Path file : files(folder, 9)) {
                if (file.toString().endsWith(".md")) {
                    pages.add(page(file));
                }
            }
        }
        for (String folder : List.of("configs", ".ci", "launch", "tornado-config/launch", "tornado-config/emulator")) {
            for (Path file : files(folder, 2)) {
                pages.add(comments(file, file.toString().matches(".*\\.(h|cpp)") ? "\\s*///?" : "\\s*#"));
            }
        }
        pages.add(comments(PROJECT.resolve("bench/run"), "\\s*#"));
        pages.add(comments(PROJECT.resolve("bench/gpu"), "\\s*#"));
        for (String module : List.of("tensor", "nn", "eval", "moco", "fuzz", "bench")) {
            pages.add(xml(PROJECT.resolve(module).resolve("pom.xml")));
            for (Path file : files(module + "/src/main/java", 12)) {
                pages.add(comments(file, "\\s*///?"));
            }
        }
        return pages;
    }

    boolean isMarkdown() {
        return file.toString().endsWith(".md");
    }

    /// Commands, names and values.
    List<Said> said() {
        List<Said> said = new ArrayList<>();
        String rest = text;
        if (isMarkdown()) {
            FENCE.matcher(text).results().forEach(m -> block(m.group(1), m.group(2), said));
            rest = FENCE.matcher(rest).replaceAll("\n");
            INDENTED.matcher(rest).results().forEach(m -> block("indented", m.group(), said));
            rest = INDENTED.matcher(rest).replaceAll("\n");
        } else {
            FURTHER_IN.matcher(rest).results().forEach(m -> line(m.group(1), said));
        }
        SPAN.matcher(rest)
                .results()
                .map(m -> m.group(1))
                .filter(span -> !span.contains("\n\n") && !span.contains("\n|"))
                .forEach(span -> said.add(
                        new Said(this, span.replaceAll("\\s*\n\\s*", " ").replace("\\|", "|"), false)));
        return said;
    }

    private void block(String language, String lines, List<Said> said) {
        String joined = lines.replaceAll("\\\\\n\\s*", "");
        if (language.equals("text")) { // a command's help
            joined.lines()
                    .filter(l -> l.startsWith("Example: "))
                    .forEach(l -> line(l.substring("Example: ".length()), said));
        } else if (language.equals("indented")) { // or what a program prints
            FURTHER_IN.matcher(joined).results().forEach(m -> line(m.group(1), said));
        } else if (List.of("", "bash", "sh").contains(language)) {
            joined.lines().forEach(l -> line(l, said));
        }
    }

    private void line(String line, List<Said> said) {
        String command = REMARK.matcher(line.strip()).replaceFirst("");
        if (!command.isBlank() && !command.startsWith("#")) {
            said.add(new Said(this, command, !command.contains("…")));
        }
    }

    private static Page page(Path file) throws IOException {
        return new Page(file, Files.readString(file));
    }

    private static Page comments(Path file, String sign) throws IOException {
        Pattern before = Pattern.compile("^" + sign + "(?=\\s|$)");
        StringBuilder text = new StringBuilder();
        for (String line : Files.readAllLines(file)) {
            var found = before.matcher(line);
            text.append(found.find() ? line.substring(found.end()) : "\n").append('\n');
        }
        return new Page(file, text.toString());
    }

    private static Page xml(Path file) throws IOException {
        StringBuilder text = new StringBuilder();
        Pattern.compile("<!--(.*?)-->", Pattern.DOTALL)
                .matcher(Files.readString(file))
                .results()
                .forEach(m -> text.append(m.group(1)).append("\n\n"));
        return new Page(file, text.toString());
    }

    private static List<Path> files(String folder, int depth) throws IOException {
        if (!Files.isDirectory(PROJECT.resolve(folder))) { // fuzz has tests alone
            return List.of();
        }
        try (Stream<Path> walk = Files.walk(PROJECT.resolve(folder), depth)) {
            return walk.filter(Files::isRegularFile)
                    .filter(f -> !f.toString().contains("/target/"))
                    .sorted()
                    .toList();
        }
    }
}
