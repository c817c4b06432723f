package org.jmoco.tensor.backend.tornado;

import java.util.Locale;
import java.util.Properties;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;

/// How work is cut for a kind of device: `tornado-config/devices/profile-NAME.properties`.
///
/// Tiles of matrix products are not among it: they follow from the extents, see [Tiling].
///
/// @param name    `pocl`, `gpu` or `nvidia`
/// @param threads threads of a work-group where a kernel takes any number: one element a thread, no local memory
/// @param matrixUnits whether a warp may multiply fragments of matrices, as in [Fragments]: with CUDA's driver.
///     GPUs older than compute capability 8.0 cannot, and need `-Djmoco.device.matrix-units=off`
public record Profile(String name, int threads, boolean matrixUnits) {
    /// The system property that chooses one by name.
    private static final String CHOSEN = "jmoco.device.profile";

    private static final String MATRIX_UNITS = "jmoco.device.matrix-units";

    /// More than this no device need take.
    private static final int MOST_THREADS = 1_024;

    public Profile {
        if (threads < 1 || threads > MOST_THREADS) {
            throw new IllegalArgumentException(
                    "device profile " + name + ": expected 1 to " + MOST_THREADS + " threads, got " + threads);
        }
    }

    /// The one that `-Djmoco.device.profile` names, else the one for devices of this kind.
    static Profile of(TornadoDevice device) {
        String chosen = System.getProperty(CHOSEN);
        Profile profile = read(
                chosen != null
                        ? chosen
                        : kind(
                                device.getPhysicalDevice().getDeviceName(),
                                device.getTornadoVMBackend(),
                                device.getDeviceType() == TornadoDeviceType.CPU));
        long most = device.getPhysicalDevice().getDeviceMaxWorkGroupSize()[0];
        boolean matrixUnits = device.getTornadoVMBackend() == TornadoVMBackendType.CUDA
                && !System.getProperty(MATRIX_UNITS, "on").equals("off");
        return new Profile(profile.name(), (int) Math.min(profile.threads(), most), matrixUnits);
    }

    static String kind(String deviceName, TornadoVMBackendType driver, boolean processor) {
        if (processor) {
            return "pocl";
        }
        boolean nvidia = driver != TornadoVMBackendType.OPENCL
                || deviceName.toLowerCase(Locale.ROOT).matches(".*\\b(nvidia|geforce|tesla|quadro|rtx)\\b.*");
        return nvidia ? "nvidia" : "gpu";
    }

    /// @throws IllegalArgumentException if there is no such profile, or a number is missing
    static Profile read(String name) {
        Properties values = Options.resource("profile-" + name);
        return new Profile(name, number(values, name, "threads"), false);
    }

    private static int number(Properties values, String name, String key) {
        String value = values.getProperty(key, "").strip();
        if (!value.matches("\\d{1,9}")) {
            throw new IllegalArgumentException(
                    "device profile " + name + ": " + key + " must be a whole number, got '" + value + "'");
        }
        return Integer.parseInt(value);
    }
}
