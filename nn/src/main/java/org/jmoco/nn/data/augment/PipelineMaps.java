package org.jmoco.nn.data.augment;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jmoco.nn.data.DataException;

/// Pipelines as the plain maps and lists of a configuration file, both ways. A pipeline is a preset, with or
/// without a size,
///
/// ```yaml
/// {preset: moco-v2, size: 112}
/// ```
///
/// or written out: a list whose items are a transform's name, or a map from the name to those parameters that
/// differ from torchvision's defaults.
///
/// ```yaml
/// transforms:
///   - RandomResizedCrop: {size: 224, scale: [0.2, 1.0]}
///   - RandomApply:
///       p: 0.8
///       transforms: [ColorJitter: {brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1}]
///   - RandomHorizontalFlip
/// normalize: {mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225]}
/// ```
///
/// A parameter without a default must be given. Whatever is unknown or of the wrong kind is refused, with its place.
public final class PipelineMaps {
    /// One of each kind: the parameters' defaults, which are torchvision's. A size has none.
    private static final Map<String, Transform> PROTOTYPES = List.of(
                    new RandomResizedCrop(1),
                    new RandomApply(0.5, List.of()),
                    new ColorJitter(0, 0, 0, 0),
                    new RandomGrayscale(0.1),
                    new GaussianBlur(new Range(0.1, 2.0)),
                    new RandomHorizontalFlip(0.5),
                    new PcaLighting(0.1),
                    new Resize(1),
                    new ResizeExact(1),
                    new CenterCrop(1),
                    new RandomCrop(1))
            .stream()
            .collect(Collectors.toMap(t -> t.getClass().getSimpleName(), t -> t, (a, b) -> a, LinkedHashMap::new));

    private static final List<String> REQUIRED = List.of("size", "transforms");

    private PipelineMaps() {}

    /// Reads a pipeline in any of its forms: the name of a preset, a list of transforms (normalised as ImageNet's
    /// images are), or a map as above.
    ///
    /// @param where as below
    /// @throws DataException as below
    public static Pipeline of(Object value, String where) {
        return switch (value) {
            case String name -> at(where, () -> Preset.of(name).pipeline());
            case List<?> list -> {
                List<Transform> transforms = transforms(list, where);
                yield at(where, () -> new Pipeline(transforms, Normalize.IMAGENET));
            }
            case Map<?, ?> map -> {
                Map<String, Object> keyed = new LinkedHashMap<>();
                map.forEach((key, entry) -> keyed.put(String.valueOf(key), entry));
                yield pipeline(keyed, where);
            }
            case null, default ->
                throw new DataException(
                        where + ": expected a preset's name, a list of transforms, or a map, got " + describe(value));
        };
    }

    /// Reads a pipeline.
    ///
    /// @param where its place in the configuration, which begins error messages
    /// @throws DataException saying what is unknown, missing or wrong, where, and what is known
    public static Pipeline pipeline(Map<String, ?> map, String where) {
        if (map.containsKey("preset")) {
            requireKnown(map, List.of("preset", "size"), where);
            Preset preset = at(where, () -> Preset.of(String.valueOf(map.get("preset"))));
            if (!map.containsKey("size")) {
                return preset.pipeline();
            }
            int size = (int) value(int.class, map.get("size"), where + ".size");
            return at(where, () -> preset.pipeline(size));
        }
        requireKnown(map, List.of("transforms", "normalize"), where);
        List<Transform> transforms = transforms(map.get("transforms"), where + ".transforms");
        Normalize normalize = normalize(map.get("normalize"), where + ".normalize");
        return at(where, () -> new Pipeline(transforms, normalize));
    }

    /// Writes a pipeline out, every parameter included; [#pipeline] reads it back to an equal one.
    public static Map<String, Object> map(Pipeline pipeline) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("transforms", plain(pipeline.transforms()));
        map.put("normalize", parameters(pipeline.normalize()));
        return map;
    }

    private static List<Transform> transforms(Object value, String where) {
        if (!(value instanceof List<?> items)) {
            throw new DataException(where + ": expected a list of transforms, got " + describe(value));
        }
        List<Transform> transforms = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            transforms.add(transform(items.get(i), where + "[" + i + "]"));
        }
        return transforms;
    }

    private static Transform transform(Object item, String where) {
        if (item instanceof String name) {
            return transform(name, Map.of(), where);
        }
        if (item instanceof Map<?, ?> map && map.size() == 1) {
            Map.Entry<?, ?> entry = map.entrySet().iterator().next();
            Object parameters = entry.getValue() == null ? Map.of() : entry.getValue();
            if (parameters instanceof Map<?, ?> given) {
                return transform(String.valueOf(entry.getKey()), given, where);
            }
        }
        throw new DataException(where + ": expected a transform's name, or a map from its name to its parameters, got "
                + describe(item));
    }

    private static Transform transform(String name, Map<?, ?> given, String where) {
        Transform prototype = PROTOTYPES.get(name);
        if (prototype == null) {
            throw new DataException(
                    where + ": unknown transform '" + name + "'; known: " + String.join(", ", PROTOTYPES.keySet()));
        }
        RecordComponent[] components = prototype.getClass().getRecordComponents();
        requireKnown(
                given, Arrays.stream(components).map(RecordComponent::getName).toList(), where + "." + name);
        Object[] arguments = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            String key = components[i].getName();
            String place = where + "." + name + "." + key;
            if (given.containsKey(key)) {
                arguments[i] = value(components[i].getType(), given.get(key), place);
            } else if (REQUIRED.contains(key)) {
                throw new DataException(place + ": is missing");
            } else {
                arguments[i] = read(prototype, components[i]);
            }
        }
        return at(where, () -> (Transform) construct(prototype.getClass(), arguments));
    }

    private static Normalize normalize(Object value, String where) {
        if (!(value instanceof Map<?, ?> map)) {
            throw new DataException(where + ": expected {mean: [r, g, b], std: [r, g, b]}, got " + describe(value));
        }
        requireKnown(map, List.of("mean", "std"), where);
        List<Double> mean = numbers(map.get("mean"), where + ".mean");
        List<Double> std = numbers(map.get("std"), where + ".std");
        return at(where, () -> new Normalize(mean, std));
    }

    private static Object value(Class<?> type, Object given, String where) {
        if (type == int.class && given instanceof Integer) {
            return given;
        }
        if (type == int.class && given instanceof Long number && number == number.intValue()) {
            return number.intValue();
        }
        if (type == double.class && given instanceof Number number) {
            return number.doubleValue();
        }
        if (type == Range.class) {
            List<Double> ends = numbers(given, where);
            if (ends.size() == 2) {
                return at(where, () -> new Range(ends.get(0), ends.get(1)));
            }
        }
        if (type == List.class) {
            return transforms(given, where);
        }
        String expected = type == int.class ? "a whole number" : type == double.class ? "a number" : "[low, high]";
        throw new DataException(where + ": expected " + expected + ", got " + describe(given));
    }

    private static List<Double> numbers(Object value, String where) {
        if (value instanceof List<?> list && list.stream().allMatch(Number.class::isInstance)) {
            return list.stream().map(n -> ((Number) n).doubleValue()).toList();
        }
        throw new DataException(where + ": expected a list of numbers, got " + describe(value));
    }

    private static void requireKnown(Map<?, ?> map, List<String> known, String where) {
        for (Object key : map.keySet()) {
            if (!(key instanceof String name && known.contains(name))) {
                throw new DataException(where + ": unknown key '" + key + "'; known: " + String.join(", ", known));
            }
        }
    }

    private static String describe(Object value) {
        return value == null ? "nothing" : "'" + value + "'";
    }

    private static Object plain(Object value) {
        return switch (value) {
            case Transform transform -> Map.of(transform.getClass().getSimpleName(), parameters((Record) transform));
            case Range range -> List.of(range.low(), range.high());
            case List<?> list -> list.stream().map(PipelineMaps::plain).toList();
            default -> value;
        };
    }

    private static Map<String, Object> parameters(Record values) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (RecordComponent component : values.getClass().getRecordComponents()) {
            map.put(component.getName(), plain(read(values, component)));
        }
        return map;
    }

    private static Object read(Object holder, RecordComponent component) {
        try {
            return component.getAccessor().invoke(holder);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(component + " cannot be read", e);
        }
    }

    private static Object construct(Class<?> type, Object[] arguments) {
        Class<?>[] types = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            return type.getConstructor(types).newInstance(arguments);
        } catch (java.lang.reflect.InvocationTargetException e) {
            if (e.getCause() instanceof DataException refused) {
                throw refused;
            }
            throw new IllegalStateException(type + " cannot be made", e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " cannot be made", e);
        }
    }

    /// Puts the place in front of a message that a constructor gave.
    private static <T> T at(String where, java.util.function.Supplier<T> make) {
        try {
            return make.get();
        } catch (DataException e) {
            throw new DataException(where + ": " + e.getMessage(), e);
        }
    }
}
