package org.jmoco.tensor.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// `docs/ops.md`: every op with its meaning, gradient, kernels and test, made from the sources. `OpPageTest` fails
/// when the page is behind; this program writes it anew.
final class OpPage {
    private static final Path MAIN = Path.of("src/main/java/org/jmoco/tensor");
    private static final Path TEST = Path.of("src/test/java/org/jmoco/tensor");
    static final Path PAGE = Path.of("../docs/ops.md");

    private static final Pattern RECORD = Pattern.compile(
            "^(?:public )?record (\\w+)\\([^{]*\\)\\s+implements [^{]*\\bOp\\b[^{]*\\{", Pattern.MULTILINE);
    private static final Pattern SENTENCE = Pattern.compile("^(.+?(?<!et al)\\.)(?= [A-Z`\\[0-9]|$)");
    private static final Pattern OWN_GRADIENT = Pattern.compile("its own gradient is (.+?\\.)(?= |$)");

    private OpPage() {}

    public static void main(String[] args) throws IOException {
        Files.writeString(PAGE, text());
    }

    static String text() throws IOException {
        StringBuilder page = new StringBuilder("""
                # Ops

                Every op of the engine, made from the sources: its record states meaning, shapes and gradient in full,
                its kernels and its test lie beside it. A *view* is a place in its operand's memory and needs no kernel.

                """);
        for (Map.Entry<String, List<Path>> family : families().entrySet()) {
            page.append("## ")
                    .append(family.getKey())
                    .append("\n\n| op | meaning | gradient | jvm | tornado | test |\n|---|---|---|---|---|---|\n");
            for (Path op : family.getValue()) {
                page.append(row(op)).append('\n');
            }
            page.append('\n');
        }
        return page.toString();
    }

    private static Map<String, List<Path>> families() throws IOException {
        try (Stream<Path> files = Files.walk(MAIN.resolve("ops"))) {
            return files.filter(OpPage::isOp)
                    .sorted()
                    .collect(Collectors.groupingBy(
                            f -> f.getParent().getFileName().toString(), TreeMap::new, Collectors.toList()));
        }
    }

    private static boolean isOp(Path file) {
        return file.toString().endsWith(".java") && RECORD.matcher(read(file)).find();
    }

    private static String row(Path op) {
        String source = read(op);
        String name = stem(op);
        List<String> doc = documentation(source);
        return "| "
                + String.join(
                        " | ",
                        link(name, op),
                        meaning(doc),
                        gradient(doc, source),
                        kernel(op, "Jvm", source),
                        kernel(op, "Tornado", source),
                        tests(op))
                + " |";
    }

    /// The lines of the comment above the record.
    private static List<String> documentation(String source) {
        Matcher record = RECORD.matcher(source);
        if (!record.find()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        for (String line : source.substring(0, record.start()).lines().toList()) {
            if (line.startsWith("///")) {
                lines.add(line.substring(3).strip());
            } else if (!line.startsWith("@")) {
                lines.clear();
            }
        }
        return lines;
    }

    private static String meaning(List<String> doc) {
        String paragraph = doc.stream().takeWhile(l -> !l.isEmpty()).collect(Collectors.joining(" "));
        Matcher first = SENTENCE.matcher(paragraph);
        return plain(first.find() ? first.group(1) : paragraph);
    }

    private static String gradient(List<String> doc, String source) {
        List<String> rest = doc.stream()
                .dropWhile(l -> !l.startsWith("Gradient"))
                .takeWhile(l -> !l.isEmpty())
                .toList();
        if (!rest.isEmpty()) {
            return plain(String.join(" ", rest).replaceFirst("^Gradient[:,] ?", ""));
        }
        if (source.contains("NoGradient {") || source.contains("NoGradient,")) {
            return "none";
        }
        Matcher own = OWN_GRADIENT.matcher(String.join(" ", doc));
        return own.find() ? plain(own.group(1)) : "in the record";
    }

    private static String kernel(Path op, String backend, String source) {
        Path kernel = op.resolveSibling(stem(op) + backend + ".java");
        if (Files.exists(kernel)) {
            return link(stem(kernel), kernel);
        }
        return source.contains("Op.View") ? "view" : "missing";
    }

    private static String tests(Path op) {
        Path folder = TEST.resolve(MAIN.relativize(op.getParent()));
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> all = files.filter(f -> f.toString().endsWith("Test.java"))
                    .sorted()
                    .toList();
            List<Path> own = all.stream()
                    .filter(f -> stem(op).startsWith(stem(f).replaceFirst("Test$", "")))
                    .toList();
            return (own.isEmpty() ? all : own)
                    .stream().map(f -> link(stem(f), f)).collect(Collectors.joining(", "));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /// Javadoc in a table cell: links lose their brackets, bars are escaped.
    private static String plain(String doc) {
        return doc.replaceAll("\\[([^\\[\\]]+)]\\[[\\w#]+]", "$1")
                .replaceAll("(?<![\\w`])\\[([A-Z]\\w+)(?:#(\\w+))?](?![\\[(])", "`$1`")
                .replace("|", "\\|");
    }

    private static String link(String text, Path file) {
        return "[" + text + "](../tensor/" + file.toString().replace('\\', '/') + ")";
    }

    private static String stem(Path file) {
        return file.getFileName().toString().replaceFirst("\\.java$", "");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
