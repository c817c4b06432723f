package org.jmoco.tensor.backend.tornado;

/// What a device has been asked to do so far.
///
/// @param launches      kernel launches, those of transfers included
/// @param kernels       kernels compiled
/// @param compileMillis time spent in first launches, which compile
/// @param bytesUp       bytes of values sent to the device, without argument blocks
/// @param blockBytes    bytes of argument blocks sent to the device
/// @param bytesDown     bytes of values brought back
public record Traffic(long launches, int kernels, long compileMillis, long bytesUp, long blockBytes, long bytesDown) {
    /// What happened since `earlier`.
    public Traffic since(Traffic earlier) {
        return new Traffic(
                launches - earlier.launches,
                kernels - earlier.kernels,
                compileMillis - earlier.compileMillis,
                bytesUp - earlier.bytesUp,
                blockBytes - earlier.blockBytes,
                bytesDown - earlier.bytesDown);
    }

    @Override
    public String toString() {
        return launches + " launches, " + kernels + " kernels compiled in " + compileMillis + " ms; up " + bytesUp
                + " bytes and " + blockBytes + " of argument blocks, down " + bytesDown + " bytes";
    }
}
