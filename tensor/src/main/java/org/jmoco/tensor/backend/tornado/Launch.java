package org.jmoco.tensor.backend.tornado;

/// One kernel launch, ready to be repeated.
///
/// @param name      of the kernel, unique among all kernels: `family.method`
/// @param arenas    of a [FarKernel]'s operands
/// @param arguments the argument block
@SuppressWarnings("ArrayRecordComponent") // never compared
record Launch(String name, KernelMethod kernel, Grid grid, Arenas arenas, int[] arguments) {
    Launch(String name, Kernel kernel, Grid grid, int[] arguments) {
        this(name, kernel, grid, Arenas.NEAR, arguments);
    }

    /// What it is compiled under: a kernel over other arenas is another one to TornadoVM.
    String key() {
        return arenas.equals(Arenas.NEAR)
                ? name
                : name + "@" + arenas.a() + "." + arenas.b() + "." + arenas.e() + "." + arenas.result();
    }
}
