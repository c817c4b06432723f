package org.jmoco.tensor.backend.jvm;

import java.lang.foreign.MemorySegment;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

/// What the kernels of [Op.Packed] share.
public final class PackedParts {
    private static final long CHUNK = 1 << 20;

    private PackedParts() {}

    /// Copies each operand to its place in the output, unless the plan had it computed there.
    public static void gather(Op.Packed op, Args args, Workers workers) {
        Shape[] shapes = new Shape[args.operands()];
        for (int i = 0; i < shapes.length; i++) {
            shapes[i] = args.shape(i);
        }
        long bytes = args.node().dtype().bytes();
        for (int i = 0; i < shapes.length; i++) {
            MemorySegment part = args.in(i);
            MemorySegment place = args.out().asSlice(op.offset(i, shapes) * bytes, part.byteSize());
            if (part.address() != place.address()) {
                workers.forRange(
                        part.byteSize(), CHUNK, (from, to) -> MemorySegment.copy(part, from, place, from, to - from));
            }
        }
    }
}
