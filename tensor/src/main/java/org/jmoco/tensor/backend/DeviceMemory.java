package org.jmoco.tensor.backend;

/// What programs take of a device that has memory of its own, in bytes.
///
/// @param programs  variables, activations, inputs, outputs and constants of all of them, as the device holds them
/// @param arenas    what is allocated for that on the device
/// @param host      what that takes of this machine's memory: TornadoVM's copy of the largest, and the arenas
///                  themselves where the device computes in it
/// @param available what the device has
/// @param fits      whether the programs find room in it, also piece by piece
/// @param machine   whether the device computes in this machine's memory, as its processor does
public record DeviceMemory(long programs, long arenas, long host, long available, boolean fits, boolean machine) {}
