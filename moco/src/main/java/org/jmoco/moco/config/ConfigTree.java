package org.jmoco.moco.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jmoco.nn.data.DataException;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/// A YAML document as it stands in its file: every value knows where it was written.
public sealed interface ConfigTree {
    /// Where the value stands, `demo.yaml, line 12`, or `--set contrast.queue`.
    String where();

    /// A single value, as text.
    record Scalar(String text, boolean quoted, String where) implements ConfigTree {}

    /// Keys and values, in the file's order.
    record Mapping(Map<String, ConfigTree> entries, String where) implements ConfigTree {}

    /// A list.
    record Sequence(List<ConfigTree> items, String where) implements ConfigTree {}

    /// Reads a file.
    ///
    /// @throws ConfigException if it is missing, unreadable, not YAML, or not a mapping at the top
    static Mapping read(Path file) {
        try {
            return parse(Files.readString(file), String.valueOf(file.getFileName()));
        } catch (NoSuchFileException e) {
            throw new ConfigException("config file " + file + " does not exist");
        } catch (IOException e) {
            throw new ConfigException("config file " + file + " cannot be read: " + DataException.because(e));
        }
    }

    /// Parses YAML text.
    static Mapping parse(String text, String name) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(name)
                .setAllowDuplicateKeys(false)
                .setMaxAliasesForCollections(16)
                .build();
        try {
            Optional<Node> root = compose(settings, text, name);
            if (root.isEmpty()) {
                return new Mapping(new LinkedHashMap<>(), name);
            }
            if (convert(root.get(), name, 0) instanceof Mapping m) {
                return m;
            }
            throw new ConfigException(name + ": expected keys and values, such as `batch: 256`");
        } catch (MarkedYamlEngineException e) {
            throw new ConfigException(where(name, e.getProblemMark()) + ": not valid YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            throw new ConfigException(name + ": not valid YAML: " + e.getMessage());
        }
    }

    private static Optional<Node> compose(LoadSettings settings, String text, String name) {
        try {
            return new Composer(settings, new ShallowParser(settings, text)).getSingleNode();
        } catch (IllegalArgumentException e) {
            // The parser lets what its own calls think of a tag such as `!%a` through as it is.
            throw new ConfigException(name + ": not valid YAML: " + e.getMessage());
        }
    }

    private static ConfigTree convert(Node node, String name, int depth) {
        String where = where(name, node.getStartMark());
        if (depth > ShallowParser.DEEPEST) {
            throw ShallowParser.tooDeep(where);
        }
        return switch (node) {
            case ScalarNode s -> new Scalar(s.getValue(), s.getScalarStyle() != ScalarStyle.PLAIN, where);
            case SequenceNode s -> {
                List<ConfigTree> items = new ArrayList<>();
                for (Node item : s.getValue()) {
                    items.add(convert(item, name, depth + 1));
                }
                yield new Sequence(List.copyOf(items), where);
            }
            case MappingNode m -> {
                Map<String, ConfigTree> entries = new LinkedHashMap<>();
                for (NodeTuple t : m.getValue()) {
                    if (!(t.getKeyNode() instanceof ScalarNode key)) {
                        throw new ConfigException(
                                where(name, t.getKeyNode().getStartMark()) + ": a key must be a word");
                    }
                    if (entries.put(key.getValue(), convert(t.getValueNode(), name, depth + 1)) != null) {
                        throw new ConfigException(where(name, key.getStartMark()) + ": the key " + key.getValue()
                                + " stands here a second time");
                    }
                }
                yield new Mapping(entries, where);
            }
            default -> throw new ConfigException(where + ": aliases of this kind are not supported");
        };
    }

    private static String where(String name, Optional<Mark> mark) {
        return mark.map(m -> name + ", line " + (m.getLine() + 1)).orElse(name);
    }

    /// This mapping with overrides `a.b=v`; the value is YAML, so lists work: `schedule.milestones=[60, 80]`.
    ///
    /// @throws ConfigException if an override is not of that form or leads through something that is not a mapping
    static Mapping override(Mapping tree, List<String> overrides) {
        Mapping result = tree;
        for (String o : overrides) {
            int eq = o.indexOf('=');
            if (eq < 1) {
                throw new ConfigException("--set " + o + ": expected key=value, such as contrast.temperature=0.1");
            }
            String key = o.substring(0, eq);
            Mapping value = parse("v: " + o.substring(eq + 1), "--set " + key);
            result = put(
                    result,
                    List.of(key.split("\\.", -1)),
                    relabel(value.entries().get("v"), "--set " + key),
                    key);
        }
        return result;
    }

    private static Mapping put(Mapping into, List<String> path, ConfigTree value, String key) {
        Map<String, ConfigTree> entries = new LinkedHashMap<>(into.entries());
        String head = path.getFirst();
        if (path.size() == 1) {
            entries.put(head, value);
        } else {
            ConfigTree inner = entries.getOrDefault(head, new Mapping(Map.of(), "--set " + key));
            if (!(inner instanceof Mapping m)) {
                throw new ConfigException("--set " + key + ": " + head + " is a value, it has no keys below it");
            }
            entries.put(head, put(m, path.subList(1, path.size()), value, key));
        }
        return new Mapping(entries, into.where());
    }

    private static ConfigTree relabel(ConfigTree tree, String where) {
        return switch (tree) {
            case Scalar s -> new Scalar(s.text(), s.quoted(), where);
            case Sequence s ->
                new Sequence(s.items().stream().map(i -> relabel(i, where)).toList(), where);
            case Mapping m -> {
                Map<String, ConfigTree> entries = new LinkedHashMap<>();
                m.entries().forEach((k, v) -> entries.put(k, relabel(v, where)));
                yield new Mapping(entries, where);
            }
        };
    }

    /// The value as plain Java: maps, lists, and text, numbers or booleans as YAML 1.2's core schema reads them.
    static Object plain(ConfigTree tree) {
        return switch (tree) {
            case Mapping m -> {
                Map<String, Object> map = new LinkedHashMap<>();
                m.entries().forEach((k, v) -> map.put(k, plain(v)));
                yield map;
            }
            case Sequence s -> s.items().stream().map(ConfigTree::plain).toList();
            case Scalar s -> s.quoted() ? s.text() : plain(s.text());
        };
    }

    private static Object plain(String text) {
        if (text.equals("true") || text.equals("false")) {
            return Boolean.valueOf(text);
        }
        try {
            return text.matches("[-+]?[0-9]{1,9}") ? (Object) Integer.valueOf(text) : Double.valueOf(text);
        } catch (NumberFormatException e) {
            return text;
        }
    }
}
