package uk.ac.manchester.tornado.api;

/// Global and local sizes of a kernel launch.
public abstract class AbstractWorkerGrid implements WorkerGrid {
    AbstractWorkerGrid() {}

    @Override
    public native void setGlobalWork(long x, long y, long z);

    @Override
    public native void setLocalWork(long x, long y, long z);
}
