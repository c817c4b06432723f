package org.jmoco.tensor.backend;

/// What programs take of a device that has memory of its own, in bytes.
///
/// @param programs  variables, activations, inputs, outputs and constants of all of them, as the device holds them
/// @param arenas    what is allocated for that, on the device and once more on the host
/// @param available what the device has
/// @param fits      whether the programs find room in it, also piece by piece
/// @param machine   whether the device computes in this machine's memory, as its processor does
public record DeviceMemory(long programs, long arenas, long available, boolean fits, boolean machine) {}
