package org.jmoco.moco.command.device;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.regex.Pattern;

/// The source of the engine's kernels, from the jar or from the source tree.
final class JavaSource {
    /// A call of a method of the same class.
    private static final Pattern CALL = Pattern.compile("(?<![\\w.])([a-z]\\w*)\\(");

    private JavaSource() {}

    /// The file of a class.
    static Optional<String> of(String type) {
        String file = type.replace('.', '/') + ".java";
        try (InputStream in = JavaSource.class.getClassLoader().getResourceAsStream(file)) {
            Path tree = Path.of("tensor/src/main/java", file);
            if (in != null) {
                return Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
            return Files.isRegularFile(tree) ? Optional.of(Files.readString(tree)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A method of it, then those of the same file that it calls: each with the comment above, without indentation.
    static Optional<String> method(String type, String name) {
        return of(type).map(text -> text.split("\n", -1))
                .filter(lines -> single(lines, name).isPresent())
                .map(lines -> {
                    SequencedMap<String, String> found = new LinkedHashMap<>();
                    collect(lines, name, found);
                    return String.join("\n\n", found.values());
                });
    }

    private static void collect(String[] lines, String name, Map<String, String> found) {
        single(lines, name).ifPresent(method -> {
            found.put(name, method);
            CALL.matcher(method)
                    .results()
                    .map(call -> call.group(1))
                    .filter(called -> !found.containsKey(called))
                    .forEach(called -> collect(lines, called, found));
        });
    }

    private static Optional<String> single(String[] lines, String name) {
        for (int at = 0; at < lines.length; at++) {
            if (lines[at].matches(" {4}\\S.* " + name + "\\([^;]*")) {
                int from = at;
                while (from > 0 && lines[from - 1].matches(" {4}(///|@).*")) {
                    from--;
                }
                int to = at;
                while (to < lines.length && !lines[to].equals("    }")) {
                    to++;
                }
                return Optional.of(String.join("\n", Arrays.asList(lines).subList(from, Math.min(to + 1, lines.length)))
                        .stripIndent());
            }
        }
        return Optional.empty();
    }
}
