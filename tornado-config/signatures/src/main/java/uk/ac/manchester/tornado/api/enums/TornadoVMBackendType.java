package uk.ac.manchester.tornado.api.enums;

/// Which code a driver runs.
public enum TornadoVMBackendType {
    OPENCL,
    METAL,
    PTX,
    CUDA,
    SPIRV,
    JAVA,
    VIRTUAL
}
