package org.jmoco.tensor.backend.tornado;

import java.util.Map;
import java.util.TreeMap;

/// Which stretches of an arena are taken. First fit by offset; freed neighbours are joined.
///
/// Every stretch begins at an offset ≡ 28 modulo 32: behind TornadoVM's array header of 16 bytes that is a
/// multiple of 128 bytes, the width of a GPU's memory transaction.
final class MemoryMap {
    private static final int LINE = 32;
    /// Where the first stretch begins.
    static final int FIRST = 28;

    private final TreeMap<Integer, Integer> free = new TreeMap<>(); // offset to size
    private final Map<Integer, Integer> taken = new TreeMap<>();
    private int end = FIRST;

    /// Takes `elements` and says where they begin. The arena must then hold [#end] elements.
    int take(long elements) {
        int size = Math.toIntExact(rounded(elements));
        for (Map.Entry<Integer, Integer> hole : free.entrySet()) {
            if (hole.getValue() >= size) {
                int at = hole.getKey();
                int left = hole.getValue() - size;
                free.remove(at);
                if (left > 0) {
                    free.put(at + size, left);
                }
                taken.put(at, size);
                return at;
            }
        }
        int at = end;
        end = Math.addExact(at, size);
        taken.put(at, size);
        return at;
    }

    /// Gives a stretch back.
    void release(int at) {
        Integer size = taken.remove(at);
        if (size == null) {
            throw new IllegalStateException("nothing was taken at " + at);
        }
        int from = at;
        int to = at + size;
        Map.Entry<Integer, Integer> before = free.lowerEntry(at);
        if (before != null && before.getKey() + before.getValue() == at) {
            from = before.getKey();
        }
        Integer after = free.remove(to);
        if (to == end) {
            end = from;
            free.remove(from);
        } else {
            free.put(from, (after == null ? to : to + after) - from);
        }
    }

    /// Elements that are taken.
    long taken() {
        return taken.values().stream().mapToLong(Integer::longValue).sum();
    }

    /// What a stretch of so many elements takes.
    static long rounded(long elements) {
        return (Math.max(1, elements) + LINE - 1) / LINE * LINE;
    }

    /// Elements the arena must have.
    int end() {
        return end;
    }
}
