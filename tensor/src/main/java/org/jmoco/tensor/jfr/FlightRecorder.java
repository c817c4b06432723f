package org.jmoco.tensor.jfr;

/// Whether there is a flight recorder: run-time images can lack its module, and then no class that names an event
/// may be touched.
public final class FlightRecorder {
    private static final boolean PRESENT =
            ModuleLayer.boot().findModule("jdk.jfr").isPresent();

    private FlightRecorder() {}

    public static boolean isPresent() {
        return PRESENT;
    }

    /// Whether kernel calls are being recorded now.
    public static boolean recordsKernels() {
        return PRESENT && new KernelEvent().isEnabled();
    }
}
