package org.jmoco.nn.train;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// What a run is of: everything that decides its numbers, by name. A run goes on only with what it was.
///
/// ```java
/// RunIdentity.EMPTY
///         .with(ConfigText.flat(config), key -> key.equals("data.path"))
///         .with("training images", images.size() + ", " + RunIdentity.digest(names));
/// ```
/// A fact may be free: it is written down, and may be another one when the run goes on.
public final class RunIdentity {
    /// Nothing is said.
    public static final RunIdentity EMPTY = new RunIdentity(new LinkedHashMap<>(), Set.of(), Map.of());

    private static final int DIGITS = 16;
    private static final JsonFactory JSON = new JsonFactory();

    private final SequencedMap<String, String> facts;
    private final Set<String> free;
    private final Map<String, String> defaults;

    private RunIdentity(SequencedMap<String, String> facts, Set<String> free, Map<String, String> defaults) {
        this.facts = facts;
        this.free = free;
        this.defaults = defaults;
    }

    /// The same with another fact.
    public RunIdentity with(String name, String value) {
        return with(Map.of(name, value), key -> false);
    }

    /// The same with other facts.
    ///
    /// @param mayDiffer which of them are free
    public RunIdentity with(Map<String, String> more, Predicate<String> mayDiffer) {
        SequencedMap<String, String> all = new LinkedHashMap<>(facts);
        all.putAll(more);
        Set<String> allFree = new HashSet<>(free);
        more.keySet().stream().filter(mayDiffer).forEach(allFree::add);
        return new RunIdentity(all, allFree, defaults);
    }

    /// The same, where a run that does not know some of the facts counts as having had these values: settings that
    /// came later.
    public RunIdentity orElse(Map<String, String> values) {
        Map<String, String> all = new HashMap<>(defaults);
        all.putAll(values);
        return new RunIdentity(facts, free, all);
    }

    /// All facts by name.
    public Map<String, String> facts() {
        return Collections.unmodifiableSequencedMap(facts);
    }

    /// What keeps a run from going on, in words; empty if nothing does.
    ///
    /// @param before the facts of the run as they were written down
    public List<String> differences(Map<String, String> before) {
        List<String> differences = new ArrayList<>();
        facts.forEach((name, value) -> {
            String was = before.getOrDefault(name, defaults.get(name));
            if (!free.contains(name) && !value.equals(was)) {
                differences.add(name + " was " + (was == null ? "not known" : was) + " and is " + value);
            }
        });
        return differences;
    }

    /// @param where    what belongs to the run: its folder, a checkpoint
    /// @param before   the facts that were written down with it
    /// @throws RunException naming what differs
    void require(String where, Map<String, String> before) {
        List<String> differences = differences(before);
        if (!differences.isEmpty()) {
            throw new RunException(where + " is of another run: " + String.join("; ", differences)
                    + ". Go on with what it was, or choose another --out");
        }
    }

    /// A few digits that tell one list of lines from another, such as the names and labels of images.
    public static String digest(Stream<String> lines) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            lines.forEachOrdered(line -> digest.update((line + "\n").getBytes(StandardCharsets.UTF_8)));
            return HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    String toJson() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            facts.forEach(json::writeStringProperty);
            json.writeEndObject();
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /// The facts that were written down.
    ///
    /// @throws JacksonException if it is no JSON object of texts
    static Map<String, String> fromJson(String text) {
        Map<String, String> facts = new LinkedHashMap<>();
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), text)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                json.nextToken();
                facts.put(name, json.getString());
            }
        }
        return facts;
    }

    @Override
    public String toString() {
        return facts.toString();
    }
}
