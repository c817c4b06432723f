package uk.ac.manchester.tornado.api;

/// Grids by task, keyed `graphName.taskName`.
public class GridScheduler {
    public GridScheduler() {}

    public native void addWorkerGrid(String taskName, WorkerGrid workerGrid);
}
