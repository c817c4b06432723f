package org.jmoco.tensor.backend.tornado;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.List;
import org.jmoco.tensor.backend.LargeMemory;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/// The host memory that TornadoVM wants behind every array.
///
/// What lies in an arena crosses by way of [Staging], so nothing of this memory is ever looked at: all arenas of floats
/// share one stretch of it, as long as the largest, in which nothing is written but the header, which no kernel reads.
final class HostCopy {
    private static final int PROBE = 256;

    private HostCopy() {}

    /// Arrays of so many floats each.
    static List<FloatArray> arrays(List<Integer> sizes) {
        long header = PROBE
                - (long) Float.BYTES
                        * FloatArray.fromSegmentShallow(Arena.ofAuto().allocate(PROBE, Long.BYTES))
                                .getSize();
        MemorySegment host = LargeMemory.allocate(Arena.ofAuto(), header + (long) Float.BYTES * Collections.max(sizes));
        return sizes.stream()
                .map(n -> FloatArray.fromSegmentShallow(host.asSlice(0, header + (long) Float.BYTES * n)))
                .toList();
    }
}
