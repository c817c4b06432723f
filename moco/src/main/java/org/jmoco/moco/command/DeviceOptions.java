package org.jmoco.moco.command;

import org.jmoco.nn.train.RunException;
import org.jmoco.tensor.backend.Devices;
import picocli.CommandLine.Option;

/// Where programs run: `--device` and `--threads`.
public final class DeviceOptions {
    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            description = "jvm, tornado or tornado:DRIVER:NUMBER, as `jmoco devices` lists them; without it "
                    + "tornado where it runs and sees a device, else jvm.")
    private String device;

    @Option(
            names = "--threads",
            paramLabel = "N",
            converter = Count.OfThreads.class,
            description =
                    "Threads that compute on the jvm device; the results do not depend on it. Default: all cores.")
    private int threads = Runtime.getRuntime().availableProcessors();

    /// Opens the device and makes it the current one.
    ///
    /// @throws RunException if it cannot be opened
    public Devices.Choice open() {
        try {
            Devices.Choice choice = Devices.open(device, threads);
            choice.device().use();
            return choice;
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new RunException(e.getMessage(), e);
        }
    }
}
