package org.jmoco.nn.data.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.jmoco.nn.data.augment.Preset;
import org.jmoco.nn.data.source.BundledSample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageEventTest {
    @Test
    void aRecordingHoldsEveryImageThatWasMade(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("run.jfr");
        try (Recording recording = new Recording()) {
            recording.enable(ImageEvent.class).withoutThreshold();
            recording.start();
            LoaderOptions one = LoaderOptions.evaluation(10).withPrefetch(1);
            try (Loader loader = new Loader(BundledSample.test(), List.of(Preset.CIFAR_TEST.pipeline()), one)) {
                loader.next();
            }
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        assertEquals(
                1,
                events.stream()
                        .filter(e ->
                                e.getString("image").equals(BundledSample.test().name(3)))
                        .count());
        assertEquals(1, events.getFirst().getInt("views"));
    }
}
