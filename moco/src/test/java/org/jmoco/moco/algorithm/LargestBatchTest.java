package org.jmoco.moco.algorithm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.jmoco.tensor.Device;
import org.jmoco.tensor.Graph;
import org.jmoco.tensor.backend.Backend;
import org.jmoco.tensor.backend.DeviceMemoryException;
import org.jmoco.tensor.backend.Executable;
import org.jmoco.tensor.backend.KernelObserver;
import org.jmoco.tensor.backend.jvm.JvmBackend;
import org.junit.jupiter.api.Test;

class LargestBatchTest {
    @Test
    void aStepThatDoesNotFitIsRefusedWithTheLargestBatchThatDoes() {
        try (Device device = new Device(new Limited(new JvmBackend(1), 10))) {
            Moco moco = new Moco(Small.config(2, 2), Small.PIXELS);
            assertEquals(
                    "no room for 16 views; the largest batch that fits is 10; with the batch as it is, "
                            + "ranks-at-once=1 needs less",
                    assertThrows(DeviceMemoryException.class, () -> moco.on(device))
                            .getMessage());
        }
        try (Device device = new Device(new Limited(new JvmBackend(1), 1))) {
            Moco moco = new Moco(Small.config(2, 1), Small.PIXELS);
            assertEquals(
                    "no room for 8 views; no smaller batch fits",
                    assertThrows(DeviceMemoryException.class, () -> moco.on(device))
                            .getMessage());
        }
    }

    /// Has room for so many views.
    private record Limited(JvmBackend backend, int views) implements Backend {
        @Override
        public String name() {
            return "limited";
        }

        @Override
        public String description() {
            return "limited";
        }

        @Override
        public Executable compile(Graph graph) {
            requireRoom(graph);
            return backend.compile(graph);
        }

        @Override
        public void requireRoom(Graph graph) {
            int batch = graph.inputs()
                    .getOrDefault("query", graph.inputs().get("key"))
                    .shape()
                    .dim(0);
            if (batch > views) {
                throw new DeviceMemoryException("no room for " + batch + " views");
            }
        }

        @Override
        public void observe(KernelObserver watcher) {
            backend.observe(watcher);
        }

        @Override
        public void close() {
            backend.close();
        }
    }
}
