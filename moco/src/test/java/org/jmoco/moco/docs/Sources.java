package org.jmoco.moco.docs;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// All Java and all scripts of the project, to look whether what a page names is there.
final class Sources {
    /// By their path from the folder of packages on, or from the project's.
    private final Map<String, String> files = new LinkedHashMap<>();

    Sources() throws IOException {
        for (String module : List.of("tensor", "nn", "eval", "moco", "fuzz", "bench", "tornado-config/signatures")) {
            for (String part : List.of("main", "test")) {
                read(Page.PROJECT.resolve(module + "/src/" + part + "/java"), ".*\\.java", "");
            }
        }
        for (String folder : List.of("launch", "bench", "tornado-config", ".ci")) {
            read(Page.PROJECT.resolve(folder), ".*/(?!src/|target/)[^.]*(\\.sh|\\.args|\\.cpp|\\.h)?", folder + "/");
        }
        files.put("jmoco", Files.readString(Page.PROJECT.resolve("jmoco")));
    }

    private void read(Path folder, String name, String prefix) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        List<Path> found = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(folder)) {
            walk.filter(Files::isRegularFile)
                    .filter(f ->
                            !f.toString().contains("/target/") && f.toString().matches(name))
                    .forEach(found::add);
        }
        for (Path file : found) {
            files.put(prefix + folder.relativize(file), Files.readString(file));
        }
    }

    /// Whether it stands somewhere by itself, as what a program reads does: not in a longer name, nor in a comment.
    boolean hasText(String text) {
        Pattern itself = Pattern.compile("(?m)^(?!\\s*(#|//)).*(?<![\\w.-])" + Pattern.quote(text) + "(?![\\w.-])");
        return files.entrySet().stream()
                .anyMatch(f -> !f.getKey().startsWith("org/jmoco/moco/docs/")
                        && f.getValue().contains(text)
                        && itself.matcher(f.getValue()).find());
    }

    /// Whether a class is there, by its whole name.
    boolean hasClass(String name) {
        return files.containsKey(name.replace('.', '/') + ".java");
    }

    /// Whether it is a package, by folders.
    boolean hasPackage(String name) {
        return files.keySet().stream().anyMatch(f -> f.startsWith("org/jmoco/" + name + "/"));
    }

    /// Whether Maven finds tests: a class, `CLASS#METHOD`, or a pattern of either form.
    boolean hasTest(String wanted) {
        int sharp = wanted.indexOf('#');
        String type = (sharp < 0 ? wanted : wanted.substring(0, sharp));
        String path = type.endsWith("**") && !type.contains("/") ? type.replace('.', '/') : type;
        PathMatcher matcher =
                FileSystems.getDefault().getPathMatcher("glob:" + (path.contains("/") ? path : "**/" + path) + ".java");
        return files.entrySet().stream()
                .filter(f -> matcher.matches(Path.of(f.getKey())))
                .anyMatch(f -> sharp < 0 || f.getValue().contains("void " + wanted.substring(sharp + 1) + "("));
    }
}
