package org.jmoco.moco.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.augment.Pipeline;
import org.jmoco.nn.data.augment.PipelineMaps;

/// Fills records from a [ConfigTree]. A component `ranksAtOnce` is the key `ranks-at-once`; a record inside a
/// record is a mapping inside a mapping; whatever the file does not say keeps its default. Components are numbers,
/// booleans, text, enums (their names in small letters, `-` for `_`), lists and optionals of these, augmentation
/// pipelines ([PipelineMaps]), and records.
public final class Binder {
    private Binder() {}

    /// `defaults` with everything that `tree` says.
    ///
    /// @throws ConfigException for a key that is not known, a value of the wrong type, or one the record refuses
    @SuppressWarnings("unchecked")
    public static <R extends Record> R bind(ConfigTree.Mapping tree, R defaults) {
        return (R) record(tree, defaults, "");
    }

    private static Record record(ConfigTree tree, Record defaults, String path) {
        if (!(tree instanceof ConfigTree.Mapping mapping)) {
            throw new ConfigException(
                    tree.where() + ": " + path + " needs keys below it: " + keys(defaults.getClass()));
        }
        RecordComponent[] components = defaults.getClass().getRecordComponents();
        for (var entry : mapping.entries().entrySet()) {
            if (Arrays.stream(components).noneMatch(c -> key(c).equals(entry.getKey()))) {
                throw new ConfigException(entry.getValue().where() + ": unknown key " + path(path, entry.getKey())
                        + "; known here: " + keys(defaults.getClass()));
            }
        }
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            RecordComponent c = components[i];
            ConfigTree given = mapping.entries().get(key(c));
            Object standard = value(c, defaults);
            values[i] = given == null ? standard : convert(given, c.getGenericType(), standard, path(path, key(c)));
        }
        return construct(defaults.getClass(), components, values, mapping);
    }

    private static Record construct(
            Class<?> type, RecordComponent[] components, Object[] values, ConfigTree.Mapping said) {
        try {
            var constructor = type.getDeclaredConstructor(
                    Stream.of(components).map(RecordComponent::getType).toArray(Class[]::new));
            return (Record) constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refused) {
                throw new ConfigException(blamed(said, refused.getMessage()) + ": " + refused.getMessage());
            }
            if (e.getCause() instanceof ConfigException refused) {
                throw refused;
            }
            throw new IllegalStateException("cannot fill " + type.getSimpleName(), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot fill " + type.getSimpleName(), e);
        }
    }

    /// Where the key stands that a refusal of several values begins with, or names first; else where all of them stand.
    private static String blamed(ConfigTree.Mapping said, String refusal) {
        return said.entries().keySet().stream()
                .filter(key -> place(key, refusal) >= 0)
                .min(Comparator.comparingInt(key -> place(key, refusal)))
                .map(key -> said.entries().get(key).where())
                .orElse(said.where());
    }

    /// Where a key stands in a text as a word of its own, or behind others and a dot; -1 if it does not.
    private static int place(String key, String text) {
        Matcher found = Pattern.compile("(?<![\\w-])" + Pattern.quote(key) + "(?![\\w-])")
                .matcher(text);
        return found.find() ? found.start() : -1;
    }

    static Object value(RecordComponent c, Record of) {
        try {
            return c.getAccessor().invoke(of);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read " + c, e);
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Object convert(ConfigTree tree, Type type, Object standard, String path) {
        if (type instanceof ParameterizedType p) {
            Type element = p.getActualTypeArguments()[0];
            if (p.getRawType() == Optional.class) {
                return tree instanceof ConfigTree.Scalar s
                                && !s.quoted()
                                && (s.text().isEmpty()
                                        || s.text().equals("null")
                                        || s.text().equals("~"))
                        ? Optional.empty()
                        : Optional.of(convert(tree, element, null, path));
            }
            return list(tree, element, path);
        }
        Class<?> c = (Class<?>) type;
        if (c == Pipeline.class) {
            return pipeline(tree, path);
        }
        if (c.isRecord()) {
            return record(tree, (Record) standard, path);
        }
        if (c == ConfigTree.class) {
            return tree;
        }
        if (!(tree instanceof ConfigTree.Scalar s)) {
            throw new ConfigException(tree.where() + ": " + path + " must be a single value");
        }
        if (c.isEnum()) {
            return constant(s, (Class) c, path);
        }
        try {
            return number(s, c);
        } catch (NumberFormatException e) {
            throw new ConfigException(s.where() + ": " + path + " must be " + describe(c) + ", got " + s.text());
        }
    }

    private static Object number(ConfigTree.Scalar s, Class<?> c) {
        String text = s.text().replace("_", "");
        if (c == int.class || c == Integer.class) {
            return Integer.parseInt(text);
        } else if (c == long.class || c == Long.class) {
            return Long.parseLong(text);
        } else if (c == float.class || c == Float.class) {
            return Float.parseFloat(text);
        } else if (c == double.class || c == Double.class) {
            return Double.parseDouble(text);
        } else if (c == boolean.class || c == Boolean.class) {
            return switch (text) {
                case "true" -> true;
                case "false" -> false;
                default -> throw new NumberFormatException();
            };
        } else if (c == String.class) {
            return s.text();
        }
        throw new IllegalStateException("a config component cannot be a " + c);
    }

    private static Pipeline pipeline(ConfigTree tree, String path) {
        try {
            return PipelineMaps.of(ConfigTree.plain(tree), tree.where() + ": " + path);
        } catch (DataException e) {
            throw new ConfigException(e.getMessage());
        }
    }

    private static List<Object> list(ConfigTree tree, Type element, String path) {
        if (!(tree instanceof ConfigTree.Sequence s)) {
            throw new ConfigException(tree.where() + ": " + path + " must be a list, such as [60, 80]");
        }
        List<Object> values = new ArrayList<>();
        for (ConfigTree item : s.items()) {
            values.add(convert(item, element, null, path));
        }
        return List.copyOf(values);
    }

    private static <E extends Enum<E>> E constant(ConfigTree.Scalar s, Class<E> type, String path) {
        for (E e : type.getEnumConstants()) {
            if (name(e).equals(s.text())) {
                return e;
            }
        }
        throw new ConfigException(s.where() + ": " + path + " must be one of "
                + Arrays.stream(type.getEnumConstants()).map(Binder::name).collect(Collectors.joining(", ")) + "; got "
                + s.text());
    }

    /// An enum constant as configs spell it.
    static String name(Enum<?> e) {
        return e.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String describe(Class<?> c) {
        if (c == boolean.class || c == Boolean.class) {
            return "true or false";
        }
        return c == float.class || c == double.class || c == Float.class || c == Double.class
                ? "a number"
                : "a whole number";
    }

    /// `ranksAtOnce` → `ranks-at-once`.
    static String key(RecordComponent c) {
        return c.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static String keys(Class<?> type) {
        return Arrays.stream(type.getRecordComponents()).map(Binder::key).collect(Collectors.joining(", "));
    }

    private static String path(String outer, String key) {
        return outer.isEmpty() ? key : outer + "." + key;
    }
}
