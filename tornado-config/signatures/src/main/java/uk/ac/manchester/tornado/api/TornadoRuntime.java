package uk.ac.manchester.tornado.api;

/// The drivers of a running TornadoVM.
public interface TornadoRuntime {
    TornadoBackend getBackend(int index);

    int getNumBackends();
}
