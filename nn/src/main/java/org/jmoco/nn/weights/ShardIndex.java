package org.jmoco.nn.weights;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.FormatException;
import org.jmoco.tensor.io.MappedFile;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// The index of weights that lie in several files, as Hugging Face writes it
/// (`model.safetensors.index.json`): `{"metadata": {…}, "weight_map": {"conv1.weight":
/// "model-00001-of-00002.safetensors", …}}`. The files lie beside it.
final class ShardIndex {
    private static final int LIMIT = 100_000_000;
    private static final String MAP = "weight_map";

    private ShardIndex() {}

    /// The file of every array, or `null` if the text is no such index. Texts begin with `{`, and read as the
    /// length of a safetensors header that is far beyond any limit.
    static Map<String, String> parse(String file, MemorySegment bytes) {
        int start = 0;
        while (start < Math.min(64, bytes.byteSize()) && bytes.get(JAVA_BYTE, start) <= ' ') {
            start++;
        }
        boolean text = start < bytes.byteSize()
                && bytes.get(JAVA_BYTE, start) == '{'
                && bytes.byteSize() <= LIMIT
                && (bytes.byteSize() < 8 || bytes.get(JAVA_BYTE, 7) != 0);
        if (!text) {
            return null;
        }
        try (JsonParser json = new JsonFactory().createParser(ObjectReadContext.empty(), bytes.toArray(JAVA_BYTE))) {
            json.nextToken();
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                if (name.equals(MAP) && value == JsonToken.START_OBJECT) {
                    return readMap(file, json);
                }
                json.skipChildren();
            }
            return null;
        } catch (JacksonException e) {
            return null; // some other text
        }
    }

    private static Map<String, String> readMap(String file, JsonParser json) {
        Map<String, String> map = new LinkedHashMap<>();
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            String shard = json.nextToken() == JsonToken.VALUE_STRING ? json.getString() : "";
            if (shard.isEmpty() || shard.startsWith(".") || shard.matches(".*[/\\\\\0].*")) {
                throw new FormatException(
                        file,
                        "the index names " + FormatException.quote(shard) + " as the file of "
                                + FormatException.quote(name) + "; it must be the name of a file beside the index");
            }
            map.put(name, shard);
        }
        return map;
    }

    /// The arrays of all files.
    ///
    /// @throws FormatException if a file is missing, or lacks an array that the index sees in it
    static Checkpoint read(Path index, Map<String, String> map) {
        String name = index.toString();
        Map<String, Checkpoint> shards = new LinkedHashMap<>();
        List<String> absent = new ArrayList<>();
        for (String shard : new LinkedHashSet<>(map.values())) {
            Path file = index.resolveSibling(shard);
            if (Files.isRegularFile(file)) {
                shards.put(shard, Checkpoint.parse(file.toString(), MappedFile.read(file)));
            } else {
                absent.add(shard);
            }
        }
        if (!absent.isEmpty() || shards.isEmpty()) {
            throw new FormatException(
                    name, "the index names files that do not lie beside it: " + String.join(", ", absent));
        }
        Map<String, ArrayData> arrays = new LinkedHashMap<>();
        Map<String, String> skipped = new LinkedHashMap<>();
        map.forEach((key, shard) -> {
            Checkpoint part = shards.get(shard);
            ArrayData array = part.arrays().get(key);
            String reason = part.skipped().get(key);
            if (array != null) {
                arrays.put(key, array);
            } else if (reason != null) {
                skipped.put(key, reason);
            } else {
                throw new FormatException(name, shard + " lacks " + FormatException.quote(key));
            }
        });
        if (arrays.isEmpty()) {
            throw new FormatException(name, "the files that the index names hold no array that can be read");
        }
        String format = shards.size() + " files with an index";
        return new Checkpoint(name, format, arrays, Map.of(), Map.of(), skipped, Set.of());
    }
}
