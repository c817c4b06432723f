package org.jmoco.tensor.backend.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Where the words of tiles lie in local memory.
class FragmentsTest {
    private static final int WARP = 32;
    private static final int BANKS = 32;

    /// The address that TornadoVM has a lane give to `ldmatrix` for a fragment of the left operand.
    private static int leftBytes(int lane) {
        return (lane & 15) * 32 + (lane >> 4) * 16 + Fragments.laneBytes(lane);
    }

    private static void assertNoTwoInABank(IntStream words, String what) {
        BitSet banks = new BitSet();
        words.map(word -> word % BANKS).forEach(bank -> {
            assertTrue(!banks.get(bank), what + ": bank " + bank + " twice");
            banks.set(bank);
        });
    }

    @Test
    void aLaneNamesTheHalfRowThatItShould() {
        for (int lane = 0; lane < WARP; lane++) {
            assertEquals(4 * Fragments.left(lane & 15, (lane >> 4) * 4), leftBytes(lane), "lane " + lane);
        }
    }

    @Test
    void eightRowsOfAFragmentLieInDifferentBanks() {
        for (int matrix = 0; matrix < WARP; matrix += 8) {
            assertNoTwoInABank(
                    IntStream.range(matrix, matrix + 8)
                            .flatMap(lane -> IntStream.range(0, 4).map(i -> leftBytes(lane) / 4 + i)),
                    "left, lanes from " + matrix);
        }
        for (int k = 0; k < Fragments.DEPTH; k += 8) {
            assertNoTwoInABank(
                    IntStream.range(k, k + 8)
                            .flatMap(row -> IntStream.range(0, 4).map(i -> Fragments.right(row, i))),
                    "right, rows from " + k);
        }
    }

    /// As products and convolutions do it; in a gradient of weights two lanes meet.
    @Test
    void whatAWarpWritesLiesInDifferentBanks() {
        for (int t = 0; t < Grid.GROUP; t += WARP) {
            assertNoTwoInABank(
                    IntStream.range(t, t + WARP).map(i -> Fragments.left(i >> 3, i & 7)), "left, threads from " + t);
            assertNoTwoInABank(
                    IntStream.range(t, t + WARP).map(i -> Fragments.right(i >> 6, i & 63)), "right, threads from " + t);
        }
    }

    @Test
    void everyWordOfATileHasAPlaceOfItsOwn() {
        BitSet left = new BitSet();
        BitSet right = new BitSet();
        for (int i = 0; i < Fragments.TILE * Fragments.DEPTH / 2; i++) {
            left.set(Fragments.left(i / 8, i % 8));
            right.set(Fragments.right(i / 64, i % 64));
        }
        assertEquals(Fragments.LEFT, left.cardinality());
        assertEquals(Fragments.LEFT, left.length());
        assertEquals(Fragments.TILE * Fragments.DEPTH / 2, right.cardinality());
        assertTrue(right.length() <= Fragments.RIGHT);
    }

    @Test
    void theLastFragmentIsMovedUp() {
        assertEquals(31, Fragments.row(31, 40));
        assertEquals(24, Fragments.row(32, 40), "the first row of the last fragment");
        assertEquals(39, Fragments.row(47, 40));
        assertEquals(39, Fragments.row(127, 40), "nothing but the last fragment lies behind it");
        assertEquals(32, Fragments.row(32, 48));
    }
}
