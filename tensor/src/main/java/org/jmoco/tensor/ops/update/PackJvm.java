package org.jmoco.tensor.ops.update;

import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.PackedParts;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

final class PackJvm implements JvmKernel<Pack> {
    @Override
    public void run(Pack op, Args args, Workers workers) {
        PackedParts.gather(op, args, workers);
        long end = 0;
        for (int i = 0; i <= args.operands(); i++) {
            long next = i < args.operands() ? op.offsets().get(i) : op.size();
            args.out().asSlice(end * Float.BYTES, (next - end) * Float.BYTES).fill((byte) 0);
            end = i < args.operands() ? next + args.shape(i).size() : next;
        }
    }
}
