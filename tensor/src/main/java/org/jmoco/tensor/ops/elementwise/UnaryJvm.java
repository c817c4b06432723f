package org.jmoco.tensor.ops.elementwise;

import java.lang.foreign.MemorySegment;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.lanes.Lanes;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

/// What JVM kernels of one operand share: fixed chunks of elements in parallel.
///
/// @param <O> the op
abstract class UnaryJvm<O extends Op> implements JvmKernel<O> {
    private static final int CHUNK = 16_384;

    final Lanes lanes = Lanes.best();

    /// y = f(x) on a row.
    abstract void row(O op, MemorySegment x, long xAt, MemorySegment y, long yAt, int n);

    @Override
    public void run(O op, Args args, Workers workers) {
        workers.forRange(
                args.outShape().size(),
                CHUNK,
                (from, to) -> row(op, args.in(0), from, args.out(), from, (int) (to - from)));
    }
}
