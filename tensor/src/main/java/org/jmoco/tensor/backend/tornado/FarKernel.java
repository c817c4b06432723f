package org.jmoco.tensor.backend.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task8;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/// A static method as [Kernel] has it, for operands that may each lie in an arena of their own, as large ones do where
/// one array cannot hold them all: `static void perTile(KernelContext c, FloatArray mem, FloatArray a, FloatArray b,
/// FloatArray e, FloatArray result, IntArray ints, IntArray arg)`.
///
/// `a`, `b` and `e` are the arenas of three operands, `result` that of the result, each the array that
/// [Launches#launch(String, FarKernel, Grid, Arenas, int...)] was given the number of; `mem` is the first arena, with
/// everything else. Offsets in `arg` count from the beginning of the operand's own arena. As a rule all five are one
/// array. So only `result` may be written, the last of them: where a task writes an array and names it again behind
/// that,
/// TornadoVM waits for ever.
@FunctionalInterface
public non-sealed interface FarKernel
        extends KernelMethod,
                Task8<KernelContext, FloatArray, FloatArray, FloatArray, FloatArray, FloatArray, IntArray, IntArray> {}
