package org.jmoco.tensor.ops.update;

import java.util.List;
import org.jmoco.tensor.backend.OpExample;
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

    @Override
    public OpExample example() {
        return OpExample.of(in -> new Pack(
                        List.of(0, Math.toIntExact(in.get(0).size())),
                        Math.toIntExact(in.get(0).size() + in.get(1).size())))
                .floats(3, 3, 64, 64)
                .floats(64);
    }
}
