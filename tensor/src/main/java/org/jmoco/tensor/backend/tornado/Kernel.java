package org.jmoco.tensor.backend.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task4;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/// A static method that TornadoVM compiles for the device: `static void perRow(KernelContext c, FloatArray mem,
/// IntArray ints, IntArray arg)`.
///
/// | parameter | what it is                                                                                           |
/// |-----------|------------------------------------------------------------------------------------------------------|
/// | `c`       | the thread's ids, barriers, local memory                                                             |
/// | `mem`     | all floats on the device: variables, activations, inputs, outputs, constants                         |
/// | `ints`    | all integers and bytes, one `int` each                                                               |
/// | `arg`     | the argument block of this launch: offsets into `mem` and `ints`, extents, strides, at most 64 ints  |
///
/// Float attributes come by [Launches#constant], as offsets into `mem`: the OpenCL driver cannot turn the bits of an
/// int into a float. The method's name becomes the device function's, so it must not be the name of an OpenCL
/// function (`exp`, `max`, `step`, `dot`, …). Kernels are compiled once a process; what varies from call to call
/// belongs into the argument block. A reference to a method can be serialized so that [KernelMethod#method] finds
/// the method behind it.
@FunctionalInterface
public non-sealed interface Kernel extends KernelMethod, Task4<KernelContext, FloatArray, IntArray, IntArray> {}
