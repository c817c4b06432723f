package org.jmoco.tensor.backend.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/// Kernels between the staging arrays, which cross to and from the host, and the arenas, which stay on the device.
///
/// The argument block of each: where it begins in the arena, how many elements.
final class Transfers {
    private Transfers() {}

    /// Reads and writes both arenas without changing them. The first launch of all: it makes TornadoVM allocate
    /// and fill them.
    static void touch(KernelContext c, FloatArray mem, IntArray ints, IntArray arg) {
        int i = c.globalIdx;
        if (i < arg.get(0)) {
            mem.set(i, mem.get(i));
            ints.set(i, ints.get(i));
        }
    }

    /// The last launch of a run: sends the fault that a kernel has reported and the run's number to the host, and
    /// forgets the fault. The argument block: the number.
    static void finish(KernelContext c, IntArray ints, IntArray end, FloatArray mem, IntArray arg) {
        if (c.globalIdx == 0) {
            end.set(0, ints.get(0));
            end.set(1, arg.get(0));
            ints.set(0, 0);
        }
    }

    /// The only launch of a graph that holds nothing, see [Launcher].
    static void idle(KernelContext c, IntArray own) {
        own.set(0, 0);
    }

    static void uploadFloats(KernelContext c, FloatArray stage, FloatArray mem, IntArray ints, IntArray arg) {
        int i = c.globalIdx;
        if (i < arg.get(1)) {
            mem.set(arg.get(0) + i, stage.get(i));
        }
    }

    static void uploadInts(KernelContext c, IntArray stage, FloatArray mem, IntArray ints, IntArray arg) {
        int i = c.globalIdx;
        if (i < arg.get(1)) {
            ints.set(arg.get(0) + i, stage.get(i));
        }
    }

    /// Four bytes cross in an int, the first one lowest.
    static void uploadBytes(KernelContext c, IntArray stage, FloatArray mem, IntArray ints, IntArray arg) {
        int i = c.globalIdx;
        if (i < arg.get(1)) {
            ints.set(arg.get(0) + i, (stage.get(i >> 2) >> ((i & 3) << 3)) & 255);
        }
    }

    static void downloadFloats(KernelContext c, FloatArray mem, FloatArray stage, IntArray ints, IntArray arg) {
        int i = c.globalIdx;
        if (i < arg.get(1)) {
            stage.set(i, mem.get(arg.get(0) + i));
        }
    }

    static void downloadInts(KernelContext c, IntArray ints, IntArray stage, FloatArray mem, IntArray arg) {
        int i = c.globalIdx;
        if (i < arg.get(1)) {
            stage.set(i, ints.get(arg.get(0) + i));
        }
    }
}
