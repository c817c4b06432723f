package org.jmoco.tensor.backend.tornado;

/// One kernel launch, ready to be repeated.
///
/// @param name      of the kernel, unique among all kernels: `family.method`
/// @param arguments the argument block
@SuppressWarnings("ArrayRecordComponent") // never compared
record Launch(String name, Kernel kernel, Grid grid, int[] arguments) {}
