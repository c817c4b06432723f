package uk.ac.manchester.tornado.api;

/// Global and local sizes of a kernel launch.
public interface WorkerGrid {
    void setGlobalWork(long x, long y, long z);

    void setLocalWork(long x, long y, long z);
}
