package org.jmoco.tensor.backend.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.jmoco.tensor.random.Philox;
import org.junit.jupiter.api.Test;

class MemoryMapTest {
    @Test
    void freedNeighboursAreJoinedAndTakenAgain() {
        MemoryMap map = new MemoryMap();
        int a = map.take(100);
        int b = map.take(1);
        int c = map.take(32);
        assertEquals(28, a);
        assertEquals(28 + 128, b);
        assertEquals(28 + 160, c);
        map.release(a);
        map.release(b);
        assertEquals(28, map.take(160));
        map.release(c);
        assertEquals(28 + 160, map.end(), "the end comes back too");
        assertThrows(IllegalStateException.class, () -> map.release(c));
    }

    @Test
    void whatIsTakenNeverOverlapsAndEndsWithinTheArena() {
        MemoryMap map = new MemoryMap();
        Philox draws = new Philox(3, 0, 0, 0);
        List<int[]> taken = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            if (taken.isEmpty() || draws.below(3) > 0) {
                int size = 1 + draws.below(500);
                int at = map.take(size);
                assertEquals(28, at % 32);
                assertTrue(at + size <= map.end());
                taken.forEach(t -> assertTrue(at + size <= t[0] || t[0] + t[1] <= at));
                taken.add(new int[] {at, size});
            } else {
                map.release(taken.remove(draws.below(taken.size()))[0]);
            }
        }
        taken.forEach(t -> map.release(t[0]));
        assertEquals(28, map.end());
        assertEquals(0, map.taken());
    }
}
