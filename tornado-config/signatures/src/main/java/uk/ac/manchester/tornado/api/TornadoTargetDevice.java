package uk.ac.manchester.tornado.api;

/// What the driver tells of a device. Sizes in bytes.
public interface TornadoTargetDevice {
    String getDeviceName();

    long getDeviceGlobalMemorySize();

    long getDeviceLocalMemorySize();

    int getDeviceMaxComputeUnits();

    long[] getDeviceMaxWorkGroupSize();

    long getDeviceMaxAllocationSize();
}
