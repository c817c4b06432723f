package org.jmoco.tensor.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Packs intervals of time into areas: two requests overlap in memory only if they are never alive together.
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
        boolean near = true; // only the first area will do
        int area;
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

    /// Gives every request its area and its offset there.
    ///
    /// @param elements of each area but the first
    /// @return the sizes of the areas, in elements
    static List<Long> assign(List<Request> requests, long elements) {
        List<List<Request>> placed = new ArrayList<>(List.of(new ArrayList<>())); // of each area, by offset
        List<Long> ends = new ArrayList<>(List.of(0L));
        List<Request> bySize = new ArrayList<>(requests);
        bySize.sort(Comparator.comparingLong((Request r) -> r.size).reversed().thenComparingInt(r -> r.first));
        for (Request r : bySize) {
            r.area = r.near || r.size > elements ? 0 : 1;
            r.offset = lowest(r, placed.get(0));
            for (; r.area > 0; r.area++) {
                if (r.area == placed.size()) {
                    placed.add(new ArrayList<>());
                    ends.add(0L);
                }
                r.offset = lowest(r, placed.get(r.area));
                if (r.offset + r.size <= elements) {
                    break;
                }
            }
            ends.set(r.area, Math.max(ends.get(r.area), r.offset + r.size));
            insert(placed.get(r.area), r);
        }
        return List.copyOf(ends);
    }

    private static long lowest(Request r, List<Request> placed) {
        long at = 0;
        for (Request other : placed) {
            if (other.offset >= at + r.size) {
                break;
            }
            if (r.aliveWith(other)) {
                at = Math.max(at, other.offset + other.size);
            }
        }
        return at;
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
