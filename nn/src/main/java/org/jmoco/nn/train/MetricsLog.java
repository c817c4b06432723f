package org.jmoco.nn.train;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/// `metrics.jsonl`: one JSON object a line, each with the `step` it belongs to.
public final class MetricsLog implements AutoCloseable {
    private static final JsonFactory JSON = new JsonFactory();

    private final Path file;
    private final FileChannel channel;

    private MetricsLog(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /// Opens the log and cuts it back to what happened up to `step`: lines of later steps, and a last line that
    /// was never finished, go.
    static MetricsLog open(Path file, long step) {
        try {
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            channel.truncate(lengthUpTo(file, step));
            channel.position(channel.size());
            return new MetricsLog(file, channel);
        } catch (IOException e) {
            throw new RunException(file + " cannot be written: " + RunException.reason(e), e);
        }
    }

    private static long lengthUpTo(Path file, long step) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int kept = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                Long at = stepOf(new String(bytes, kept, i - kept, StandardCharsets.UTF_8));
                if (at == null || at > step) {
                    return kept;
                }
                kept = i + 1;
            }
        }
        return kept;
    }

    private static Long stepOf(String line) {
        OptionalDouble step = number(line, "step");
        return step.isPresent() ? Long.valueOf((long) step.getAsDouble()) : null;
    }

    /// The number under a key of a line; empty if there is none, or if the line is not JSON.
    private static OptionalDouble number(String line, String key) {
        try (JsonParser p = JSON.createParser(ObjectReadContext.empty(), line)) {
            if (p.nextToken() != JsonToken.START_OBJECT) {
                return OptionalDouble.empty();
            }
            while (p.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean found = p.currentName().equals(key);
                JsonToken value = p.nextToken();
                if (found) {
                    return value.isNumeric() ? OptionalDouble.of(p.getDoubleValue()) : OptionalDouble.empty();
                }
                p.skipChildren();
            }
            return OptionalDouble.empty();
        } catch (StreamReadException e) {
            return OptionalDouble.empty();
        }
    }

    /// Appends one line.
    ///
    /// @param values numbers, text or booleans; a float that is not finite is written as text
    void write(long step, Map<String, ?> values) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), line)) {
            json.writeStartObject();
            json.writeNumberProperty("step", step);
            values.forEach((key, value) -> write(json, key, value));
            json.writeEndObject();
        }
        line.write('\n');
        try {
            ByteBuffer bytes = ByteBuffer.wrap(line.toByteArray());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw new RunException(file + " cannot be written: " + RunException.reason(e), e);
        }
    }

    private static void write(JsonGenerator json, String key, Object value) {
        switch (value) {
            case Float f when Float.isFinite(f) -> json.writeNumberProperty(key, f);
            case Double d when Double.isFinite(d) -> json.writeNumberProperty(key, d);
            case Integer i -> json.writeNumberProperty(key, i);
            case Long l -> json.writeNumberProperty(key, l);
            case Boolean b -> json.writeBooleanProperty(key, b);
            default -> json.writeStringProperty(key, String.valueOf(value));
        }
    }

    /// Every line of a log as text; for reports.
    public static List<String> lines(Path file) {
        try {
            return new ArrayList<>(Files.readAllLines(file));
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    /// The number under a key in the last line of a step that has it.
    ///
    /// @return empty if no line of that step does
    public OptionalDouble last(long step, String key) {
        OptionalDouble last = OptionalDouble.empty();
        for (String line : lines(file)) {
            if (line.startsWith("{\"step\":" + step + ",")) {
                OptionalDouble value = number(line, key);
                last = value.isPresent() ? value : last;
            }
        }
        return last;
    }

    /// Puts what was written on the disk; before a checkpoint says that it happened.
    public void flush() {
        try {
            channel.force(false);
        } catch (IOException e) {
            throw new RunException(file + " cannot be written: " + RunException.reason(e), e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new RunException(file + " cannot be closed: " + RunException.reason(e), e);
        }
    }
}
