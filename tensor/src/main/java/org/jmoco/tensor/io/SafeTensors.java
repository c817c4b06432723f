package org.jmoco.tensor.io;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// A safetensors file: named arrays and a string map.
///
/// Layout: the header's length N as 8 bytes, N bytes of JSON padded with spaces, the data block.
/// `"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}`, offsets into the data
/// block; `"__metadata__"` holds the string map. Payloads tile the data block without holes or
/// overlaps.
///
/// @param arrays by name, in the order of the data block; payloads are views of the mapped file
/// @param metadata the string map, empty if the file has none
/// @param skipped arrays of a type that [ElementType] lacks, such as `F8_E4M3`: the type by name
public record SafeTensors(
        SequencedMap<String, ArrayData> arrays,
        SequencedMap<String, String> metadata,
        SequencedMap<String, String> skipped) {
    private static final Comparator<Map.Entry<String, ArrayData>> FILE_ORDER = Comparator.comparingInt(
                    (Map.Entry<String, ArrayData> e) -> -e.getValue().type().bytes())
            .thenComparing(Map.Entry::getKey);

    public SafeTensors {
        arrays = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(arrays));
        metadata = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(metadata));
        skipped = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(skipped));
    }

    /// Maps a file and checks its whole header.
    ///
    /// @throws FormatException if the file is truncated or oversize, or its header is not valid
    /// @throws java.io.UncheckedIOException if it cannot be read
    public static SafeTensors read(Path file) {
        return parse(file.toString(), MappedFile.read(file));
    }

    /// Reads a file's content from memory.
    ///
    /// @param name stands for the file in messages
    /// @throws FormatException as [#read]
    public static SafeTensors parse(String name, MemorySegment file) {
        return new SafeTensorsHeader(name, file).parse();
    }

    /// The array of a name.
    ///
    /// @throws java.util.NoSuchElementException if there is none
    public ArrayData get(String name) {
        ArrayData array = arrays.get(name);
        if (array == null) {
            throw new java.util.NoSuchElementException("no array \"" + name + "\"; there are " + arrays.keySet());
        }
        return array;
    }

    /// Replaces `file` atomically. The same arrays and metadata give the same bytes, whatever the
    /// maps' order: wide types come first, then names in order, so every payload is aligned to its
    /// elements.
    ///
    /// @throws IllegalArgumentException if a name is `__metadata__` or the header would exceed its
    ///   limit
    /// @throws java.io.UncheckedIOException if the file cannot be written
    public static void write(Path file, Map<String, ArrayData> arrays, Map<String, String> metadata) {
        List<Map.Entry<String, ArrayData>> entries =
                arrays.entrySet().stream().sorted(FILE_ORDER).toList();
        byte[] header = header(entries, metadata);
        if (header.length > SafeTensorsHeader.LIMIT) {
            throw new IllegalArgumentException(
                    file + ": the header takes " + header.length + " bytes, the limit is " + SafeTensorsHeader.LIMIT);
        }
        AtomicFile.write(file, channel -> {
            MemorySegment length = ArrayData.allocate(8);
            length.set(ArrayData.I64, 0, header.length);
            AtomicFile.append(channel, length);
            AtomicFile.append(channel, MemorySegment.ofArray(header));
            for (Map.Entry<String, ArrayData> e : entries) {
                AtomicFile.append(channel, e.getValue().payload());
            }
        });
    }

    private static byte[] header(List<Map.Entry<String, ArrayData>> entries, Map<String, String> metadata) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeObjectPropertyStart(SafeTensorsHeader.METADATA);
                new TreeMap<>(metadata).forEach(json::writeStringProperty);
                json.writeEndObject();
            }
            long offset = 0;
            for (Map.Entry<String, ArrayData> e : entries) {
                offset = writeEntry(json, e.getKey(), e.getValue(), offset);
            }
            json.writeEndObject();
        }
        while (bytes.size() % 8 != 0) {
            bytes.write(' ');
        }
        return bytes.toByteArray();
    }

    private static long writeEntry(JsonGenerator json, String name, ArrayData array, long offset) {
        if (name.equals(SafeTensorsHeader.METADATA)) {
            throw new IllegalArgumentException("an array cannot be called " + name + " in a safetensors file");
        }
        long end = offset + array.payload().byteSize();
        json.writeObjectPropertyStart(name);
        json.writeStringProperty("dtype", array.type().name());
        json.writeName("shape");
        json.writeArray(array.shape(), 0, array.rank());
        json.writeName("data_offsets");
        json.writeArray(new long[] {offset, end}, 0, 2);
        json.writeEndObject();
        return end;
    }
}
