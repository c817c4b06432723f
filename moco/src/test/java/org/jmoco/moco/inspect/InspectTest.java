package org.jmoco.moco.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jmoco.moco.config.Binder;
import org.jmoco.moco.config.ConfigException;
import org.jmoco.moco.config.ConfigTree;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.backend.jvm.JvmBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

class InspectTest {
    private static MocoConfig tiny(String... overrides) {
        String yaml = "batch: 8\nmodel: {arch: resnet18, stem: cifar, width: 4, dim: 16}\nviews: {preset: "
                + "moco-v2, size: 16}\ncontrast: {queue: 64}\n";
        return Binder.bind(
                ConfigTree.override(ConfigTree.parse(yaml, "tiny"), List.of(overrides)), MocoConfig.defaults());
    }

    @Test
    void aProfileCountsEveryKernelOfAStepWithItsWork() {
        JvmBackend backend = new JvmBackend(1);
        try (Device device = new Device(backend)) {
            Trial trial = new Trial(tiny(), device);
            OpProfile profile = OpProfile.byOp();
            backend.observe(profile);
            trial.step();
            OpProfile.Row conv = profile.rows().stream()
                    .filter(r -> r.name().equals("conv2d"))
                    .findFirst()
                    .orElseThrow();
            assertEquals(40, conv.calls()); // 20 convolutions in each of two encoders
            // Multiply-adds of a ResNet-18 with a 3×3 stem at 32×32 and width 64 are 555.5 million a sample
            // without its head's; here 1/16² of the channels' products and 1/4 of the positions, besides the stem
            // with its three input channels.
            double stem = 2.0 * 8 * 2 * 16 * 16 * 27 * 4;
            double rest = 2.0 * 8 * 2 * (555_417_600 - 32 * 32 * 27 * 64) / (16 * 16 * 4.0);
            assertEquals(stem + rest, conv.flops(), 0.002 * conv.flops());
            assertTrue(profile.nanos() > 0 && conv.gigabytes() > 0);
        }
    }

    @Test
    void aTraceHoldsTheCallsOnATimeLine(@TempDir Path folder) throws IOException {
        JvmBackend backend = new JvmBackend(1);
        Path file = folder.resolve("trace.json");
        try (Device device = new Device(backend)) {
            Trial trial = new Trial(tiny(), device);
            ChromeTrace trace = new ChromeTrace();
            backend.observe(trace);
            trial.step();
            trace.write(file);
        }
        int events = 0;
        try (JsonParser p = new JsonFactory().createParser(ObjectReadContext.empty(), Files.readString(file))) {
            for (JsonToken t = p.nextToken(); t != null; t = p.nextToken()) {
                events += t == JsonToken.PROPERTY_NAME && p.currentName().equals("dur") ? 1 : 0;
            }
        }
        assertTrue(events > 200, events + " events");
    }

    @Test
    void viewsWithoutASizeAreRefused() {
        MocoConfig config = tiny(
                "views={transforms: [RandomHorizontalFlip], normalize: {mean: [0.5, 0.5, 0.5], std: [0.2, 0.2, 0.2]}}");
        assertTrue(assertThrows(ConfigException.class, () -> Trial.pixels(config))
                .getMessage()
                .startsWith("views: the size of the views follows from the images"));
    }
}
