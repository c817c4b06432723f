package org.jmoco.tensor.backend.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TilingTest {
    @Test
    void wideTilesAreTakenWhereEnoughOfThemAreLeft() {
        assertEquals(new Tiling(true, 64, 1), Tiling.of(100_352, 256, 64, 1));
        assertEquals(new Tiling(true, 2_048, 1), Tiling.of(2_048, 2_048, 2_048, 1));
        assertEquals(new Tiling(false, 1_000, 1), Tiling.of(1_536, 2_048, 1_000, 1), "192 wide tiles");
        assertEquals(new Tiling(false, 64, 1), Tiling.of(100_352, 64, 64, 1), "half of a wide tile would be empty");
        assertEquals(new Tiling(false, 64, 1), Tiling.of(100_352, 192, 64, 1));
    }

    @Test
    void sumsAreSplitWhereTilesAreFew() {
        assertEquals(new Tiling(true, 928, 5), Tiling.of(1_568, 512, 4_608, 1));
        assertEquals(new Tiling(false, 512, 4), Tiling.of(256, 2_048, 2_048, 1));
        assertEquals(new Tiling(false, 336, 3), Tiling.of(20, 33, 1_000, 1), "parts are multiples of a tile's depth");
        assertEquals(new Tiling(false, 511, 1), Tiling.of(20, 33, 511, 1), "a part has no fewer than 256 products");
        assertEquals(new Tiling(false, 4_096, 1), Tiling.of(128, 64, 4_096, 256), "groups are work, too");
        assertEquals(new Tiling(false, 14_336, 7), Tiling.of(128, 64, 100_352, 256), "a long sum loses digits");
        assertEquals(new Tiling(false, 0, 1), Tiling.of(0, 0, 0, 1));
    }

    @Test
    void gridsCountPartsAlongZ() {
        assertEquals(new Grid(4, 13, 5, 16, 16), Tiling.of(1_568, 512, 4_608, 1).grid(1_568, 512, 1));
        assertEquals(new Grid(2, 784, 1, 16, 16), Tiling.of(100_352, 256, 64, 1).grid(100_352, 256, 1));
        assertEquals(5L * 1_568 * 512, Tiling.of(1_568, 512, 4_608, 1).scratch(1_568L * 512));
        assertEquals(0, Tiling.of(100_352, 256, 64, 1).scratch(100_352L * 256));
    }
}
