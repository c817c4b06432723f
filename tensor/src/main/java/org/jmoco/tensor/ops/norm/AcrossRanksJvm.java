package org.jmoco.tensor.ops.norm;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

/// Gathers what the processes have, then every process adds all ranks in double precision.
final class AcrossRanksJvm implements JvmKernel<AcrossRanks> {
    @Override
    public void run(AcrossRanks op, Args args, Workers workers) {
        int here = args.outShape().dim(1);
        int c = args.outShape().dim(2);
        MemorySegment all = gathered(op, args);
        int ranks = op.ranks(here);
        boolean statistics = op.kind() == AcrossRanks.Kind.STATISTICS;
        for (int i = 0; i < c; i++) {
            double first = 0;
            for (int r = 0; r < ranks; r++) {
                first += at(all, 0, r, here, c, i);
            }
            first /= ranks;
            double second = 0;
            for (int r = 0; r < ranks; r++) {
                double between = statistics ? at(all, 0, r, here, c, i) - first : 0;
                second += at(all, 1, r, here, c, i) + between * between;
            }
            for (int r = 0; r < here; r++) {
                args.out().setAtIndex(JAVA_FLOAT, (long) r * c + i, (float) first);
                args.out().setAtIndex(JAVA_FLOAT, (long) (here + r) * c + i, (float) (second / ranks));
            }
        }
    }

    /// `[processes, 2, k, c]`.
    private static MemorySegment gathered(AcrossRanks op, Args args) {
        if (op.exchange().processes() == 1) {
            return args.in(0);
        }
        long bytes = args.in(0).byteSize();
        MemorySegment all = args.scratch();
        MemorySegment.copy(args.in(0), 0, all, op.exchange().number() * bytes, bytes);
        op.exchange().gather(all, bytes);
        return all;
    }

    private static double at(MemorySegment all, int row, int rank, int here, int c, int channel) {
        long of = (rank / here * 2L + row) * here + rank % here;
        return all.getAtIndex(JAVA_FLOAT, of * c + channel);
    }

    @Override
    public long scratch(AcrossRanks op, Node call) {
        int processes = op.exchange().processes();
        return processes == 1 ? 0 : processes * call.shape().size();
    }

    @Override
    public OpExample example() {
        return OpExample.of(new AcrossRanks(AcrossRanks.Kind.STATISTICS, RankExchange.HERE))
                .floats(2, 4, 512);
    }
}
