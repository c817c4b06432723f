package org.jmoco.tensor.backend;

import java.util.ArrayList;
import java.util.List;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.backend.tornado.TornadoBackend;
import org.jmoco.tensor.backend.tornado.TornadoDevices;

/// Which devices there are, and which one a program runs on.
public final class Devices {
    private Devices() {}

    /// One line of the listing.
    ///
    /// @param name        what `--device` takes: `jvm`, `tornado:0:0`
    /// @param description what it is, or why it is not available
    public record Listed(String name, boolean available, String description) {}

    /// An opened device with the reason why it was taken.
    public record Choice(Device device, String reason) {}

    /// All devices; a backend that cannot be used is listed with the reason.
    public static List<Listed> list() {
        List<Listed> all = new ArrayList<>();
        int threads = Runtime.getRuntime().availableProcessors();
        all.add(new Listed(
                "jvm", true, "this machine's processor, " + threads + (threads == 1 ? " thread" : " threads")));
        if (!onTornadoVm()) {
            all.add(new Listed("tornado", false, notOnTornadoVm()));
            return List.copyOf(all);
        }
        try {
            for (TornadoDevices.Found found : TornadoDevices.list()) {
                all.add(new Listed("tornado:" + found.driver() + ":" + found.index(), true, found.description()));
            }
            if (all.size() == 1) {
                all.add(new Listed(
                        "tornado",
                        false,
                        "TornadoVM runs, but its drivers see no device; install the GPU's driver, "
                                + "or pocl-opencl-icd to try on the processor"));
            }
        } catch (IllegalStateException e) {
            all.add(new Listed("tornado", false, e.getMessage()));
        }
        return List.copyOf(all);
    }

    /// Opens a device.
    ///
    /// @param name `jvm`, `tornado` (its first GPU, else its first device), `tornado:D:N`, or null: tornado where
    ///     it runs and sees a device, else jvm
    /// @throws IllegalArgumentException if there is no such device
    public static Choice open(String name) {
        return open(name, Runtime.getRuntime().availableProcessors());
    }

    /// As [#open(String)], with this many threads if it is the JVM.
    public static Choice open(String name, int threads) {
        if (name == null) {
            return choose(threads);
        }
        if (name.equals("jvm")) {
            return new Choice(Device.jvm(threads), "asked for");
        }
        if (!name.equals("tornado") && !name.matches("tornado:\\d{1,3}:\\d{1,3}")) {
            throw new IllegalArgumentException("device " + name
                    + ": expected jvm, tornado or tornado:DRIVER:NUMBER, as `jmoco devices` lists them");
        }
        if (!onTornadoVm()) {
            throw new IllegalArgumentException("device " + name + ": " + notOnTornadoVm());
        }
        return new Choice(tornado(name.equals("tornado") ? preferred() : name), "asked for");
    }

    private static Choice choose(int threads) {
        Listed first = list().get(1);
        if (!first.available()) {
            return new Choice(Device.jvm(threads), "tornado is not available: " + first.description());
        }
        return new Choice(
                tornado(preferred()),
                TornadoDevices.preferred().processor()
                        ? "TornadoVM sees no GPU, only this machine's processor, on which --device jvm is "
                                + "many times faster"
                        : "the first GPU that TornadoVM sees; --device jvm computes on the processor instead");
    }

    private static String preferred() {
        TornadoDevices.Found found = TornadoDevices.preferred();
        return "tornado:" + found.driver() + ":" + found.index();
    }

    private static Device tornado(String name) {
        String[] parts = name.split(":", -1);
        return new Device(new TornadoBackend(Integer.parseInt(parts[1]), Integer.parseInt(parts[2])));
    }

    /// Classes that refer to TornadoVM may be touched only if this holds.
    private static boolean onTornadoVm() {
        return ModuleLayer.boot().findModule("tornado.api").isPresent();
    }

    private static String notOnTornadoVm() {
        return "the program was not started on a TornadoVM SDK; ./jmoco does so where TORNADOVM_HOME or "
                + "SDKMAN has one, see tornado-config/README.md";
    }
}
