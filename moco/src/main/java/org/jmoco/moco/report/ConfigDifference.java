package org.jmoco.moco.report;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jmoco.moco.config.ConfigTree;

/// The values in which the configurations of several runs differ.
final class ConfigDifference {
    private ConfigDifference() {}

    static String table(List<Path> runs) {
        List<SequencedMap<String, String>> configs =
                runs.stream().map(ConfigDifference::values).toList();
        SequencedSet<String> keys = new LinkedHashSet<>();
        configs.forEach(c -> keys.addAll(c.keySet()));
        List<List<String>> rows = new ArrayList<>();
        for (String key : keys) {
            List<String> values =
                    configs.stream().map(c -> c.getOrDefault(key, "–")).toList();
            if (values.stream().distinct().count() > 1) {
                List<String> row = new ArrayList<>(List.of(key));
                row.addAll(values);
                rows.add(row);
            }
        }
        List<String> head = new ArrayList<>(List.of("key"));
        runs.forEach(r -> head.add(r.getFileName().toString()));
        return rows.isEmpty() ? "Nothing." : Page.table(head, rows, false);
    }

    private static SequencedMap<String, String> values(Path run) {
        SequencedMap<String, String> values = new TreeMap<>();
        Path config = run.resolve("config.yaml");
        if (Files.isRegularFile(config)) {
            flatten("", ConfigTree.read(config), values);
        }
        return values;
    }

    private static void flatten(String path, ConfigTree tree, SequencedMap<String, String> into) {
        switch (tree) {
            case ConfigTree.Mapping m ->
                m.entries().forEach((key, value) -> flatten(path.isEmpty() ? key : path + "." + key, value, into));
            case ConfigTree.Sequence s -> into.put(path, text(s));
            case ConfigTree.Scalar s -> into.put(path, text(s));
        }
    }

    private static String text(ConfigTree tree) {
        return switch (tree) {
            case ConfigTree.Scalar s -> s.text();
            case ConfigTree.Sequence s ->
                s.items().stream().map(ConfigDifference::text).collect(Collectors.joining(", ", "[", "]"));
            case ConfigTree.Mapping m ->
                m.entries().entrySet().stream()
                        .map(e -> e.getKey() + ": " + text(e.getValue()))
                        .collect(Collectors.joining(", ", "{", "}"));
        };
    }
}
