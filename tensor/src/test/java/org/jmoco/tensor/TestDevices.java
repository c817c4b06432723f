package org.jmoco.tensor;

import java.util.List;
import org.jmoco.tensor.backend.jvm.JvmBackend;

/// The devices that tests run on, made once a JVM.
public final class TestDevices {
    private static final Device TWO = Device.jvm(2);
    private static final List<Device> VARIANTS = List.of(
            TWO,
            Device.jvm(1),
            Device.jvm(3),
            new Device(new JvmBackend(2, false, true)));

    private static final Device UNREWRITTEN = new Device(new JvmBackend(2, true, false));

    private TestDevices() {}

    /// One device of every backend this machine has.
    public static List<Device> all() {
        return List.of(TWO);
    }

    /// A JVM device that runs programs as they were written.
    public static Device unrewritten() {
        return UNREWRITTEN;
    }

    /// JVM devices that must agree in every bit: 2, 1 and 3 threads; in-place updates off.
    public static List<Device> variants() {
        return VARIANTS;
    }
}
