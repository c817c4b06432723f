package org.jmoco.moco.inspect;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.backend.KernelObserver;
import org.jmoco.tensor.io.AtomicFile;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// Kernel calls on a time line, in the trace event format that `chrome://tracing` and ui.perfetto.dev open.
public final class ChromeTrace implements KernelObserver {
    private final long start = System.nanoTime();
    private final List<Event> events = new ArrayList<>();

    private record Event(String op, String scope, String shape, long fromNanos, long nanos) {}

    @Override
    public void ran(Node node, MemorySegment result, long nanos) {
        events.add(new Event(
                node.op().name(), node.scope(), node.shape().toString(), System.nanoTime() - nanos - start, nanos));
    }

    /// Writes what was seen so far.
    public void write(Path file) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            json.writeStringProperty("displayTimeUnit", "ms");
            json.writeArrayPropertyStart("traceEvents");
            for (Event e : events) {
                json.writeStartObject();
                json.writeStringProperty("name", e.op());
                json.writeStringProperty("cat", "kernel");
                json.writeStringProperty("ph", "X"); // a complete event: begin and duration, in microseconds
                json.writeNumberProperty("ts", e.fromNanos() / 1e3);
                json.writeNumberProperty("dur", e.nanos() / 1e3);
                json.writeNumberProperty("pid", 1);
                json.writeNumberProperty("tid", 1);
                json.writeObjectPropertyStart("args");
                json.writeStringProperty("module", e.scope());
                json.writeStringProperty("shape", e.shape());
                json.writeEndObject();
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        AtomicFile.write(file, c -> AtomicFile.append(c, MemorySegment.ofArray(bytes.toByteArray())));
    }
}
