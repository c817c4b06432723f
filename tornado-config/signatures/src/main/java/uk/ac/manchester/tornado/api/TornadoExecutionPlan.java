package uk.ac.manchester.tornado.api;

import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.ProfilerMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;

/// Task graphs made ready to run on a device.
public class TornadoExecutionPlan implements AutoCloseable {
    public TornadoExecutionPlan(ImmutableTaskGraph... graphs) {}

    public native TornadoExecutionResult execute();

    public native TornadoExecutionPlan withGraph(int index);

    public native TornadoExecutionPlan withDevice(TornadoDevice device);

    public native TornadoExecutionPlan withGridScheduler(GridScheduler scheduler);

    public native TornadoExecutionPlan withCUDAGraph();

    public native TornadoExecutionPlan withProfiler(ProfilerMode mode);

    @Override
    public native void close() throws TornadoExecutionPlanException;
}
