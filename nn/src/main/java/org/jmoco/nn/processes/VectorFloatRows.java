package org.jmoco.nn.processes;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// [FloatRows] on the Vector API at the machine's preferred width.
final class VectorFloatRows extends FloatRows {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int WIDTH = SPECIES.length();

    @Override
    void add(MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        int i = 0;
        for (; i <= n - WIDTH; i += WIDTH) {
            load(y, yAt + i)
                    .add(load(x, xAt + i))
                    .intoMemorySegment(y, (yAt + i) * Float.BYTES, ByteOrder.nativeOrder());
        }
        super.add(x, xAt + i, y, yAt + i, n - i);
    }

    private static FloatVector load(MemorySegment x, long at) {
        return FloatVector.fromMemorySegment(SPECIES, x, at * Float.BYTES, ByteOrder.nativeOrder());
    }
}
