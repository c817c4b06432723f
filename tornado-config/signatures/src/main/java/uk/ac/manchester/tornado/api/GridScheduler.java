package uk.ac.manchester.tornado.api;

import java.util.Set;

/// Grids by task, keyed `graphName.taskName`.
public class GridScheduler {
    public GridScheduler() {}

    public native void addWorkerGrid(String taskName, WorkerGrid workerGrid);

    public native Set<String> keySet();
}
