package org.jmoco.tensor.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Packs intervals of time into an arena: two requests overlap in memory only if they are never alive together.
///
/// Greedy by size, the largest first, each at the lowest offset where it fits. On ResNet training steps this lies
/// within a few percent of the lower bound, the largest sum of sizes alive at once.
final class Offsets {
    /// 64 bytes of floats: a cache line, and the widest vector.
    static final long ALIGNMENT = 16;

    /// Memory wanted from step `first` to step `last`, both included.
    static final class Request {
        final long size;
        final int first;
        int last;
        long offset = -1;

        Request(long size, int first, int last) {
            this.size = (Math.max(size, 1) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
            this.first = first;
            this.last = last;
        }

        boolean aliveWith(Request other) {
            return first <= other.last && other.first <= last;
        }
    }

    private Offsets() {}

    /// Gives every request its offset.
    ///
    /// @return the size of the arena, in elements
    static long assign(List<Request> requests) {
        List<Request> bySize = new ArrayList<>(requests);
        bySize.sort(Comparator.comparingLong((Request r) -> r.size).reversed().thenComparingInt(r -> r.first));
        List<Request> placed = new ArrayList<>(); // by offset
        long end = 0;
        for (Request r : bySize) {
            long at = 0;
            for (Request other : placed) {
                if (other.offset >= at + r.size) {
                    break;
                }
                if (r.aliveWith(other)) {
                    at = Math.max(at, other.offset + other.size);
                }
            }
            r.offset = at;
            end = Math.max(end, at + r.size);
            insert(placed, r);
        }
        return end;
    }

    private static void insert(List<Request> placed, Request r) {
        int low = 0;
        int high = placed.size();
        while (low < high) {
            int mid = (low + high) >>> 1;
            if (placed.get(mid).offset <= r.offset) {
                low = mid + 1;
            } else {
                high = mid;
            }
        }
        placed.add(low, r);
    }
}
