package org.jmoco.tensor;

import java.util.List;
import java.util.Optional;
import org.jmoco.tensor.backend.jvm.JvmBackend;
import org.jmoco.tensor.backend.tornado.TornadoBackend;
import org.junit.jupiter.api.Assumptions;

/// The devices that tests run on, made once a JVM.
public final class TestDevices {
    private static final Device TWO = Device.jvm(2);
    private static final List<Device> VARIANTS = List.of(
            TWO,
            Device.jvm(1),
            Device.jvm(3),
            new Device(new JvmBackend(2, false, true, false)),
            new Device(new JvmBackend(2, true, true, true)));

    private static final Device UNREWRITTEN = new Device(new JvmBackend(2, true, false, false));

    /// The first device of the TornadoVM SDK that the tests run on, if they do.
    private static final Optional<Device> TORNADO = tornado();

    /// Why a test is skipped; `.ci/run` counts these.
    private static final String NO_SDK = "needs a TornadoVM SDK";

    private TestDevices() {}

    private static Optional<Device> tornado() {
        return ModuleLayer.boot().findModule("tornado.api").isPresent()
                ? Optional.of(new Device(new TornadoBackend(0, 0)))
                : Optional.empty();
    }

    /// One device of every backend this machine has.
    public static List<Device> all() {
        return TORNADO.map(tornado -> List.of(TWO, tornado)).orElse(List.of(TWO));
    }

    /// The device of the TornadoVM SDK that the tests run on; empty without one.
    public static Optional<Device> onSdk() {
        return TORNADO;
    }

    /// The same for a test that is about nothing else.
    public static Device requireSdk() {
        Assumptions.assumeTrue(TORNADO.isPresent(), NO_SDK);
        return TORNADO.orElseThrow();
    }

    /// A JVM device.
    public static Device jvm() {
        return TWO;
    }

    /// A JVM device that runs programs as they were written.
    public static Device unrewritten() {
        return UNREWRITTEN;
    }

    /// JVM devices that must agree in every bit: 2, 1 and 3 threads; in-place updates off; all computed again that
    /// saves memory.
    public static List<Device> variants() {
        return VARIANTS;
    }
}
