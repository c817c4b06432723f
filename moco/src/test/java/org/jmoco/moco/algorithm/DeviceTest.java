package org.jmoco.moco.algorithm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.TestDevices;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.SafeTensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Training on the device of a TornadoVM SDK, interrupted and carried over.
class DeviceTest {
    @Test
    void aRunGoesOnFromASavedStateWithTheSameBits(@TempDir Path folder) {
        Device device = TestDevices.requireSdk();
        Moco unbroken = moco();
        Step step = unbroken.on(device);
        Small.steps(unbroken, step, 0, 2);
        SequencedMap<String, ArrayData> saved = saved(unbroken, folder);
        List<Outcome> expected = Small.steps(unbroken, step, 2, 4);

        Moco resumed = moco();
        resumed.load(saved);
        assertEquals(expected, Small.steps(resumed, resumed.on(device), 2, 4));
        assertEquals(List.of(), Small.differences(unbroken.save(), resumed.save()));
    }

    @Test
    void aStateMovesToTheJvmAndBack(@TempDir Path folder) {
        Device device = TestDevices.requireSdk();
        Moco there = moco();
        Small.steps(there, there.on(device), 0, 2);
        SequencedMap<String, ArrayData> saved = saved(there, folder);

        Moco here = moco();
        here.load(saved);
        assertEquals(List.of(), Small.differences(there.save(), here.save()));
        Outcome onJvm = Small.step(here, here.on(Device.current()), 2);
        Outcome onDevice = Small.step(there, there.on(device), 2);
        assertTrue(
                Math.abs(onJvm.loss() - onDevice.loss()) <= 1e-5 * onJvm.loss(),
                onJvm + " on the JVM, " + onDevice + " on the device");

        Moco back = moco();
        back.load(saved(here, folder));
        assertEquals(List.of(), Small.differences(here.save(), back.save()));
        Outcome next = Small.step(back, back.on(device), 3);
        Outcome expected = Small.step(here, here.on(Device.current()), 3);
        assertTrue(
                Math.abs(next.loss() - expected.loss()) <= 1e-5 * expected.loss(),
                expected + " on the JVM, " + next + " on the device");
    }

    private static Moco moco() {
        return new Moco(Small.config(1, 1), Small.PIXELS);
    }

    private static SequencedMap<String, ArrayData> saved(Moco moco, Path folder) {
        Path file = folder.resolve("state.safetensors");
        SafeTensors.write(file, moco.save(), Map.of());
        return new LinkedHashMap<>(SafeTensors.read(file).arrays());
    }
}
