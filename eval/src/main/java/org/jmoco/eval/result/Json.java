package org.jmoco.eval.result;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jmoco.tensor.io.FormatException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;

/// Small JSON documents as maps (in order), lists, strings, numbers ([Long] or [Double]) and booleans; a number
/// that is not finite is written as null.
final class Json {
    private static final JsonFactory JSON = new JsonFactory();

    private Json() {}

    static byte[] bytes(Object tree) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        // Line ends are fixed: equal results are to be equal bytes on every system.
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));
        ObjectWriteContext context = new ObjectWriteContext.Base() {
            @Override
            public boolean hasPrettyPrinter() {
                return true;
            }

            @Override
            public tools.jackson.core.PrettyPrinter getPrettyPrinter() {
                return printer;
            }
        };
        try (JsonGenerator json = JSON.createGenerator(context, out)) {
            write(json, tree);
        }
        out.write('\n');
        return out.toByteArray();
    }

    private static void write(JsonGenerator json, Object value) {
        switch (value) {
            case Map<?, ?> map -> {
                json.writeStartObject();
                map.forEach((name, v) -> {
                    json.writeName(name.toString());
                    write(json, v);
                });
                json.writeEndObject();
            }
            case List<?> list -> {
                json.writeStartArray();
                list.forEach(v -> write(json, v));
                json.writeEndArray();
            }
            case Boolean b -> json.writeBoolean(b);
            case Integer i -> json.writeNumber(i);
            case Long l -> json.writeNumber(l);
            case Double d when Double.isFinite(d) -> json.writeNumber(d);
            case Float f when Float.isFinite(f) -> json.writeNumber(f);
            case Double d -> json.writeNull();
            case Float f -> json.writeNull();
            default -> json.writeString(value.toString());
        }
    }

    /// Parses one document; null becomes NaN.
    ///
    /// @param name stands for the file in messages @throws FormatException if it is not JSON
    static Object parse(String name, byte[] document) {
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), new ByteArrayInputStream(document))) {
            json.nextToken();
            Object tree = read(json);
            if (json.nextToken() != null) {
                throw new FormatException(name, "there is something after the JSON document");
            }
            return tree;
        } catch (StreamReadException e) {
            throw new FormatException(
                    name, "no valid JSON, line " + e.getLocation().getLineNr() + ": " + e.getOriginalMessage(), e);
        } catch (JacksonIOException e) {
            throw new FormatException(name, "cannot be read: " + e.getOriginalMessage(), e);
        }
    }

    private static Object read(JsonParser json) {
        JsonToken token = json.currentToken();
        if (token == null) {
            throw new StreamReadException(json, "the document ends too early");
        }
        return switch (token) {
            case START_OBJECT -> {
                Map<String, Object> map = new LinkedHashMap<>();
                while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                    String key = json.currentName();
                    json.nextToken();
                    map.put(key, read(json));
                }
                yield map;
            }
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    list.add(read(json));
                }
                yield list;
            }
            case VALUE_NUMBER_INT -> json.getLongValue();
            case VALUE_NUMBER_FLOAT -> json.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> Double.NaN;
            default -> json.getString();
        };
    }
}
