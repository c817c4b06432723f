package org.jmoco.moco.inspect;

import java.util.Arrays;
import java.util.List;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;

/// What this device can do at best, measured: a matrix product whose operands stay in the caches, and a sum of two
/// large tensors that do not.
///
/// @param gigaflops milliards of floating-point operations a second
/// @param gigabytes milliards of bytes a second, read and written
public record Peaks(double gigaflops, double gigabytes) {
    private static final int SIDE = 1_024;
    private static final int LARGE = 1 << 25;
    private static final int RUNS = 15;

    public static Peaks measure(Device device) {
        double product = best(device, Program.trace("peak product", p -> {
            Tensor a = p.input("a", Shape.of(SIDE, SIDE));
            p.output("y", a.matmul(p.input("b", Shape.of(SIDE, SIDE))));
        }));
        double sum = best(
                device,
                Program.trace(
                        "peak sum",
                        p -> p.output("y", p.input("a", Shape.of(LARGE)).add(p.input("b", Shape.of(LARGE))))));
        return new Peaks(2.0 * SIDE * SIDE * SIDE / product, 3.0 * LARGE * Float.BYTES / sum);
    }

    /// The shortest of some runs, in nanoseconds: anything else that runs here makes it longer, never shorter.
    private static double best(Device device, Program program) {
        Compiled compiled = device.compile(program);
        List.of("a", "b").forEach(compiled::input); // zeros
        long[] nanos = new long[RUNS];
        for (int i = 0; i < RUNS; i++) {
            long start = System.nanoTime();
            compiled.run();
            nanos[i] = System.nanoTime() - start;
        }
        return Arrays.stream(nanos).min().getAsLong();
    }
}
