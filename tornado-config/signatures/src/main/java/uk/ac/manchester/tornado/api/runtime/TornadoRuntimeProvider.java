package uk.ac.manchester.tornado.api.runtime;

import uk.ac.manchester.tornado.api.TornadoRuntime;

/// The way to the running TornadoVM.
public class TornadoRuntimeProvider {
    public static native TornadoRuntime getTornadoRuntime();
}
