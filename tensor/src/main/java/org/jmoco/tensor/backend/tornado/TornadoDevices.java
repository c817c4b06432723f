package org.jmoco.tensor.backend.tornado;

import java.util.ArrayList;
import java.util.List;
import uk.ac.manchester.tornado.api.TornadoBackend;
import uk.ac.manchester.tornado.api.TornadoRuntime;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;

/// The devices that the running TornadoVM sees.
public final class TornadoDevices {
    private TornadoDevices() {}

    /// One device.
    ///
    /// @param driver      TornadoVM's number of the driver
    /// @param index       the device's number within the driver
    /// @param description driver, name, memory
    /// @param processor   whether it is the machine's processor, as PoCL's is
    public record Found(int driver, int index, String description, boolean processor) {}

    /// All devices of all drivers, in TornadoVM's order.
    ///
    /// @throws IllegalStateException if the program does not run on TornadoVM or its drivers cannot be reached
    public static List<Found> list() {
        TornadoRuntime runtime = runtime();
        List<Found> found = new ArrayList<>();
        for (int d = 0; d < runtime.getNumBackends(); d++) {
            TornadoBackend driver = runtime.getBackend(d);
            for (int i = 0; i < driver.getNumDevices(); i++) {
                TornadoDevice device = driver.getDevice(i);
                found.add(new Found(d, i, describe(driver, device), device.getDeviceType() == TornadoDeviceType.CPU));
            }
        }
        return List.copyOf(found);
    }

    /// The first device that is not the machine's processor, else the first of all.
    ///
    /// @throws IllegalStateException as [#list], or if there is no device
    public static Found preferred() {
        List<Found> all = list();
        return all.stream()
                .filter(found -> !found.processor())
                .findFirst()
                .or(() -> all.stream().findFirst())
                .orElseThrow(() -> new IllegalStateException("TornadoVM runs, but its drivers see no device"));
    }

    static TornadoDevice get(int driver, int index) {
        TornadoRuntime runtime = runtime();
        if (driver < 0
                || driver >= runtime.getNumBackends()
                || index < 0
                || index >= runtime.getBackend(driver).getNumDevices()) {
            throw new IllegalArgumentException(
                    "there is no device tornado:" + driver + ":" + index + "; there are " + list());
        }
        return runtime.getBackend(driver).getDevice(index);
    }

    static String describe(int driver, int index) {
        return describe(runtime().getBackend(driver), get(driver, index));
    }

    private static String describe(TornadoBackend driver, TornadoDevice device) {
        long bytes = device.getPhysicalDevice().getDeviceGlobalMemorySize();
        return driver.getBackendType() + " "
                + device.getPhysicalDevice().getDeviceName().strip() + ", " + (bytes >> 20) + " MiB";
    }

    private static TornadoRuntime runtime() {
        if (!Options.onTornadoVm()) {
            throw new IllegalStateException("the program was not started on TornadoVM");
        }
        Options.apply();
        try {
            return TornadoRuntimeProvider.getTornadoRuntime();
        } catch (RuntimeException | Error e) {
            Throwable origin = e;
            while (origin.getCause() != null) {
                origin = origin.getCause();
            }
            throw new IllegalStateException(
                    "TornadoVM is here, but its drivers cannot be reached (" + origin
                            + "); install the GPU's driver, or pocl-opencl-icd to try on the processor",
                    e);
        }
    }
}
