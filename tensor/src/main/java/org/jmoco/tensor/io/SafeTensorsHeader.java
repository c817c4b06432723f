package org.jmoco.tensor.io;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/// Reads and checks the header of one safetensors file. Refused: a header longer than the file or
/// than [#LIMIT], anything but one JSON object of the expected fields, duplicate names, sizes that
/// disagree with type and shape, and payloads that do not tile the data block exactly. Arrays of
/// other types than ours are passed over and listed; where the width of their elements is known,
/// their sizes are checked too.
final class SafeTensorsHeader {
    /// Bytes; the limit of the reference implementation.
    static final int LIMIT = 100_000_000;

    static final String METADATA = "__metadata__";
    private static final int MAX_RANK = 32;
    private static final int MAX_DEPTH = 3;
    private static final int MAX_TYPE_NAME = 32;

    /// Bytes an element of types that the format knows and [ElementType] lacks.
    private static final Map<String, Integer> OTHER_TYPES =
            Map.of("U16", 2, "U32", 4, "U64", 8, "C64", 8, "C128", 16, "F8_E4M3", 1, "F8_E5M2", 1, "F8_E8M0", 1);

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(20)
                    .maxNameLength(65_536)
                    .maxStringLength(LIMIT)
                    .build())
            .build();

    private final String file;
    private final MemorySegment bytes;
    private final LinkedHashMap<String, String> metadata = new LinkedHashMap<>();
    private final List<Entry> entries = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    /// @param type as the header spells it
    private record Entry(String name, String type, long[] shape, long begin, long end) {
        /// Our type, or `null` for one that is passed over.
        ElementType known() {
            return Arrays.stream(ElementType.values())
                    .filter(t -> t.name().equals(type))
                    .findFirst()
                    .orElse(null);
        }
    }

    SafeTensorsHeader(String file, MemorySegment bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    SafeTensors parse() {
        if (bytes.byteSize() < 8) {
            throw refused("too short for a safetensors file, " + bytes.byteSize() + " bytes");
        }
        long length = bytes.get(ArrayData.I64, 0);
        if (length < 0 || length > LIMIT) {
            throw refused("the header claims " + Long.toUnsignedString(length) + " bytes, the limit is " + LIMIT);
        }
        if (length > bytes.byteSize() - 8) {
            throw refused("the header claims " + length + " bytes, the file has " + bytes.byteSize()
                    + " in all; is it truncated?");
        }
        byte[] header = bytes.asSlice(8, length).toArray(JAVA_BYTE);
        if (header.length == 0 || header[0] != '{') {
            throw refused("the header does not start with '{'; not a safetensors file");
        }
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), header)) {
            json.nextToken();
            while (json.nextToken() != JsonToken.END_OBJECT) {
                readField(json);
            }
            if (json.nextToken() != null) {
                throw refused("the header goes on after its JSON object");
            }
        } catch (JacksonException e) {
            throw new FormatException(file, "the header cannot be read: " + e.getOriginalMessage(), e);
        }
        LinkedHashMap<String, String> skipped = new LinkedHashMap<>();
        LinkedHashMap<String, ArrayData> arrays = slices(bytes.asSlice(8 + length), skipped);
        return new SafeTensors(arrays, metadata, skipped);
    }

    private void readField(JsonParser json) {
        String name = json.currentName();
        if (!names.add(name)) {
            throw refused("the name " + FormatException.quote(name) + " occurs twice");
        }
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw refused(FormatException.quote(name) + " is not a JSON object");
        }
        if (name.equals(METADATA)) {
            readMetadata(json);
        } else {
            entries.add(readEntry(json, name));
        }
    }

    private void readMetadata(JsonParser json) {
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String key = json.currentName();
            if (json.nextToken() != JsonToken.VALUE_STRING) {
                throw refused("the metadata value of " + FormatException.quote(key) + " is not a string");
            }
            if (metadata.put(key, json.getString()) != null) {
                throw refused("the metadata key " + FormatException.quote(key) + " occurs twice");
            }
        }
    }

    private Entry readEntry(JsonParser json, String name) {
        String type = null;
        long[] shape = null;
        long[] offsets = null;
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "dtype" -> type = once(type, readType(json, name), name, field);
                case "shape" -> shape = once(shape, readLongs(json, name, field), name, field);
                case "data_offsets" -> offsets = once(offsets, readLongs(json, name, field), name, field);
                default -> throw refused(about(name) + "has an unknown field " + FormatException.quote(field));
            }
        }
        if (type == null || shape == null || offsets == null || offsets.length != 2) {
            throw refused(about(name) + "needs dtype, shape and data_offsets [begin, end]");
        }
        return new Entry(name, type, shape, offsets[0], offsets[1]);
    }

    private <T> T once(T old, T value, String name, String field) {
        if (old != null) {
            throw refused(about(name) + "has two fields " + field);
        }
        return value;
    }

    private String readType(JsonParser json, String name) {
        String text = json.currentToken() == JsonToken.VALUE_STRING ? json.getString() : "";
        if (text.isEmpty() || text.length() > MAX_TYPE_NAME) {
            throw refused(about(name) + "has no name of a type as its dtype");
        }
        return text;
    }

    private long[] readLongs(JsonParser json, String name, String field) {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw refused(about(name) + field + " is not a list");
        }
        long[] values = new long[MAX_RANK];
        int n = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (n == MAX_RANK) {
                throw refused(about(name) + field + " has more than " + MAX_RANK + " numbers");
            }
            if (json.currentToken() != JsonToken.VALUE_NUMBER_INT) {
                throw refused(about(name) + field + " holds something that is not an integer");
            }
            values[n] = json.getLongValue();
            if (values[n++] < 0) {
                throw refused(about(name) + field + " holds a negative number");
            }
        }
        return Arrays.copyOf(values, n);
    }

    /// @param skipped gets the types of the arrays that are passed over
    private LinkedHashMap<String, ArrayData> slices(MemorySegment block, Map<String, String> skipped) {
        entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        LinkedHashMap<String, ArrayData> arrays = new LinkedHashMap<>();
        long position = 0;
        for (Entry e : entries) {
            if (e.begin != position) {
                throw refused(about(e.name)
                        + "begins at "
                        + e.begin
                        + " where "
                        + position
                        + " is due: "
                        + (e.begin < position ? "payloads overlap" : "there is a hole"));
            }
            if (e.end > block.byteSize()) {
                throw refused(about(e.name)
                        + "ends at "
                        + e.end
                        + ", the data block has "
                        + block.byteSize()
                        + " bytes; is the file truncated?");
            }
            long needed = byteSize(e);
            if (e.end - e.begin != needed) {
                throw refused(about(e.name)
                        + "has "
                        + (e.end - e.begin)
                        + " bytes, "
                        + e.type
                        + Arrays.toString(e.shape)
                        + " needs "
                        + needed);
            }
            ElementType known = e.known();
            if (known == null) {
                skipped.put(e.name, e.type);
            } else {
                arrays.put(e.name, ArrayData.of(known, e.shape, block.asSlice(e.begin, needed)));
            }
            position = e.end;
        }
        if (position != block.byteSize()) {
            throw refused((block.byteSize() - position) + " bytes follow the last payload");
        }
        return arrays;
    }

    /// What the array must take; of types of unknown width what it says it takes.
    private long byteSize(Entry e) {
        ElementType known = e.known();
        Integer width = known == null ? OTHER_TYPES.get(e.type) : Integer.valueOf(known.bytes());
        try {
            long count = ArrayData.count(e.shape);
            return width == null ? Math.max(0, e.end - e.begin) : Math.multiplyExact(count, width);
        } catch (IllegalArgumentException | ArithmeticException tooLarge) {
            String problem = "shape " + Arrays.toString(e.shape) + " is too large";
            throw new FormatException(file, about(e.name) + problem, tooLarge);
        }
    }

    private static String about(String name) {
        return "array " + FormatException.quote(name) + " ";
    }

    private FormatException refused(String problem) {
        return new FormatException(file, problem);
    }
}
