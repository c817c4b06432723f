package uk.ac.manchester.tornado.api;

import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;

/// A driver (OpenCL, PTX, CUDA, …) and its devices.
public interface TornadoBackend {
    int getNumDevices();

    TornadoDevice getDevice(int index);

    String getName();

    TornadoVMBackendType getBackendType();
}
