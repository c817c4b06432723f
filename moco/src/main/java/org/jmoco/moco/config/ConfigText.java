package org.jmoco.moco.config;

import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jmoco.nn.data.WhereSaid;
import org.jmoco.nn.data.augment.Pipeline;
import org.jmoco.nn.data.augment.PipelineMaps;

/// Writes a configuration record as the YAML that [Binder] reads back to an equal record.
public final class ConfigText {
    private ConfigText() {}

    /// Every key with its value, defaults included.
    public static String of(Record config) {
        StringBuilder text = new StringBuilder();
        write(config, 0, text);
        return text.toString();
    }

    /// Every value by its full key, `contrast.queue` → `65536`, in the record's order; without those that are
    /// named only [where they are said][WhereSaid] and are not.
    public static Map<String, String> flat(Record config) {
        Map<String, String> flat = new LinkedHashMap<>();
        flatten("", config, flat);
        return flat;
    }

    private static void flatten(String prefix, Record config, Map<String, String> into) {
        for (RecordComponent c : config.getClass().getRecordComponents()) {
            Object value = Binder.value(c, config);
            String key = prefix + Binder.key(c);
            if (isMapping(value)) {
                flatten(key + ".", (Record) value, into);
            } else if (!(c.isAnnotationPresent(WhereSaid.class) && value.equals(Optional.empty()))) {
                into.put(key, scalar(value));
            }
        }
    }

    private static void write(Record config, int indent, StringBuilder text) {
        for (RecordComponent c : config.getClass().getRecordComponents()) {
            Object value = Binder.value(c, config);
            text.append("  ".repeat(indent)).append(Binder.key(c)).append(':');
            if (isMapping(value)) {
                text.append('\n');
                write((Record) value, indent + 1, text);
            } else {
                text.append(' ').append(scalar(value)).append('\n');
            }
        }
    }

    private static boolean isMapping(Object value) {
        return value instanceof Record && !(value instanceof ConfigTree || value instanceof Pipeline);
    }

    private static String scalar(Object value) {
        return switch (value) {
            case Optional<?> o -> o.map(ConfigText::scalar).orElse("null");
            case List<?> l -> l.stream().map(ConfigText::scalar).collect(Collectors.joining(", ", "[", "]"));
            case Enum<?> e -> Binder.name(e);
            case String s -> s.matches("[A-Za-z][A-Za-z0-9._/-]*") && !s.matches("true|false|null") ? s : quote(s);
            case ConfigTree.Scalar s -> s.quoted() ? quote(s.text()) : s.text();
            case ConfigTree.Sequence s ->
                s.items().stream().map(ConfigText::scalar).collect(Collectors.joining(", ", "[", "]"));
            case ConfigTree.Mapping m ->
                m.entries().entrySet().stream()
                        .map(e -> e.getKey() + ": " + scalar(e.getValue()))
                        .collect(Collectors.joining(", ", "{", "}"));
            case Pipeline p -> scalar(PipelineMaps.map(p));
            case Map<?, ?> m ->
                m.entrySet().stream()
                        .map(e -> e.getKey() + ": " + scalar(e.getValue()))
                        .collect(Collectors.joining(", ", "{", "}"));
            default -> String.valueOf(value);
        };
    }

    private static String quote(String s) {
        return '"' + s.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }
}
