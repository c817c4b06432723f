package org.jmoco.tensor.backend.tornado;

import java.util.Arrays;
import java.util.List;

/// One kernel launch, ready to be repeated.
///
/// @param name      of the kernel, unique among all kernels: `family.method`
/// @param arenas    of a [FarKernel]'s operands
/// @param arguments the argument block
@SuppressWarnings("ArrayRecordComponent") // compared by same()
record Launch(String name, KernelMethod kernel, Grid grid, Arenas arenas, int[] arguments) {
    Launch(String name, Kernel kernel, Grid grid, int[] arguments) {
        this(name, kernel, grid, Arenas.NEAR, arguments);
    }

    /// What tells it from launches that do something else.
    Same same() {
        return new Same(key(), grid, Arrays.stream(arguments).boxed().toList());
    }

    /// A launch that can be compared.
    record Same(String key, Grid grid, List<Integer> arguments) {}

    /// What it is compiled under: a kernel over other arenas is another one to TornadoVM.
    String key() {
        return arenas.equals(Arenas.NEAR)
                ? name
                : name + "@" + arenas.a() + "." + arenas.b() + "." + arenas.e() + "." + arenas.result();
    }
}
