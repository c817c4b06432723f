package uk.ac.manchester.tornado.api;

/// What a run of a plan left behind.
public class TornadoExecutionResult {
    TornadoExecutionResult() {}

    public native TornadoProfilerResult getProfilerResult();
}
