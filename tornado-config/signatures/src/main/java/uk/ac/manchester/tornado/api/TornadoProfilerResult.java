package uk.ac.manchester.tornado.api;

/// Times of a run in nanoseconds, filled when the plan runs with a profiler.
public class TornadoProfilerResult {
    TornadoProfilerResult() {}

    public native long getDeviceKernelTime();
}
