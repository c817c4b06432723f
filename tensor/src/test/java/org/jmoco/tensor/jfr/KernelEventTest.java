package org.jmoco.tensor.jfr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Scope;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelEventTest {
    @Test
    void aRecordingHoldsEveryKernelCall(@TempDir Path folder) throws IOException {
        Program program = Program.trace("recorded", p -> {
            Tensor x = p.input("x", Shape.of(3, 5));
            p.output(
                    "y",
                    Scope.in(
                            "layer", () -> x.matmul(Tensor.ones(Shape.of(5, 2))).relu()));
        });
        Path file = folder.resolve("run.jfr");
        try (Recording recording = new Recording()) {
            recording.enable(KernelEvent.class).withoutThreshold();
            recording.start();
            Device.current().compile(program).feed("x", new float[15]).run();
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        RecordedEvent product = events.stream()
                .filter(e -> e.getString("op").equals("matMul"))
                .findFirst()
                .orElseThrow();
        assertEquals("[3, 2]", product.getString("shape"));
        assertEquals("layer", product.getString("module"));
        assertEquals(2.0 * 3 * 5 * 2, product.getDouble("flops"));
        assertTrue(events.stream().anyMatch(e -> e.getString("op").equals("relu")));
    }
}
