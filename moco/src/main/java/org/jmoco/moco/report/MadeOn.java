package org.jmoco.moco.report;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jmoco.nn.train.Checkout;
import org.jmoco.nn.train.RunException;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.backend.jvm.runtime.Processor;
import org.jmoco.tensor.io.AtomicFile;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/// When, where and from which source a run or a result was made: `made.json` beside it, as results themselves hold no
/// times and no machine.
///
/// @param time      local, to the minute
/// @param processor its name
/// @param device    what computed
/// @param java      version of the JDK
/// @param revision  commit of the source, or `unknown`
record MadeOn(LocalDateTime time, String processor, String device, String java, String revision) {
    private static final String FILE = "made.json";
    private static final JsonFactory JSON = new JsonFactory();
    private static final DateTimeFormatter FOR_PEOPLE =
            DateTimeFormatter.ofPattern("d MMMM yyyy, HH:mm", Locale.ENGLISH);
    private static final int SHORT = 10;

    /// Here and now.
    static MadeOn now(Device device) {
        String model = Processor.ofThisMachine().model().replaceFirst("^[\\d ]+(?=\\D)", "");
        return new MadeOn(
                LocalDateTime.now().truncatedTo(ChronoUnit.MINUTES),
                model,
                device.backend().description(),
                Runtime.version().toString(),
                Checkout.revision());
    }

    /// Writes it into a folder, in place of what was there.
    void write(Path folder) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("time", time.toString());
        values.put("processor", processor);
        values.put("device", device);
        values.put("java", java);
        values.put("revision", revision);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            values.forEach(json::writeStringProperty);
            json.writeEndObject();
        }
        out.write('\n');
        AtomicFile.write(folder.resolve(FILE), c -> AtomicFile.append(c, MemorySegment.ofArray(out.toByteArray())));
    }

    /// What a folder holds; empty if it holds nothing of it.
    ///
    /// @throws RunException if the file is damaged
    static Optional<MadeOn> of(Path folder) {
        Path file = folder.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        Map<String, String> values = new LinkedHashMap<>();
        try (JsonParser p = JSON.createParser(ObjectReadContext.empty(), Files.readAllBytes(file))) {
            p.nextToken();
            while (p.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = p.currentName();
                p.nextToken();
                values.put(name, p.getValueAsString(""));
            }
            return Optional.of(new MadeOn(
                    LocalDateTime.parse(values.getOrDefault("time", "")),
                    values.getOrDefault("processor", ""),
                    values.getOrDefault("device", ""),
                    values.getOrDefault("java", ""),
                    values.getOrDefault("revision", "unknown")));
        } catch (StreamReadException | java.time.format.DateTimeParseException e) {
            throw new RunException(file + " is damaged: " + e.getMessage() + "; delete it to go without", e);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    /// `30 November 2026, 10:12 · AMD EPYC · jvm, 2 threads, 512-bit vectors · Java 25.0.3 · revision 9ed2000a1b`.
    String line() {
        String from = revision.length() == 40 ? revision.substring(0, SHORT) : revision;
        return String.join(" · ", FOR_PEOPLE.format(time), processor, device, "Java " + java, "revision " + from);
    }
}
