package org.jmoco.tensor.backend.tornado;

/// How a product of matrices is cut: in wide or narrow [Tiles], and its sums in one or several parts. It follows
/// from the extents alone, so that on a device a product of the same extents has the same bits.
///
/// Large GPUs hold two work-groups on each of 132 multiprocessors. Wide tiles do more products a read; they are
/// taken where the last ones are not half empty and enough of them are found. Where tiles are too few, several
/// work-groups share a tile's products, each those of one part; [Parts] adds what they found.
///
/// @param wide  whether tiles are [Tiles#WIDE_COLUMNS] wide
/// @param part  products of a result in a part
/// @param parts how many there are
public record Tiling(boolean wide, int part, int parts) {
    /// Work-groups that fill a large GPU.
    private static final int PLACES = 264;

    /// Work-groups of wide tiles that fill it well enough.
    private static final int WIDE = 198;

    /// Products of a result in a part, at least: what is found must be written, read and added.
    private static final int LEAST = 256;

    private static final int LEAST_WIDE = 512;

    /// At most: longer sums lose digits.
    private static final int MOST = 16_384;

    /// Of a product of `rows × depth` and `depth × columns`, and so many of them beside each other.
    public static Tiling of(int rows, int columns, int depth, int groups) {
        long high = (long) Math.ceilDiv(rows, Tiles.ROWS) * groups;
        boolean full = Math.ceilDiv(columns, Tiles.COLUMNS) % 2 == 0;
        long wide = high * Math.ceilDiv(columns, Tiles.WIDE_COLUMNS);
        if (full && wide * Math.max(1, depth / LEAST_WIDE) >= WIDE) {
            return inParts(true, wide, depth, LEAST_WIDE);
        }
        return inParts(false, high * Math.ceilDiv(columns, Tiles.COLUMNS), depth, LEAST);
    }

    /// Of a product that is computed in wide tiles alone.
    static Tiling wide(int rows, int columns, int depth) {
        long tiles = (long) Math.ceilDiv(rows, Tiles.ROWS) * Math.ceilDiv(columns, Tiles.WIDE_COLUMNS);
        return inParts(true, tiles, depth, LEAST_WIDE);
    }

    /// In as many parts as fill the places best; of several such numbers the least.
    private static Tiling inParts(boolean wide, long tiles, int depth, int least) {
        int parts = 1;
        for (int p = 2; p <= depth / least && tiles * p <= 2 * PLACES; p++) {
            parts = filled(tiles * p) > filled(tiles * parts) ? p : parts;
        }
        int wanted = Math.ceilDiv(depth, Math.max(parts, Math.ceilDiv(depth, MOST)));
        int part = wanted == depth ? depth : Math.ceilDiv(wanted, Tiles.DEPTH) * Tiles.DEPTH;
        return new Tiling(wide, part, depth == 0 ? 1 : Math.ceilDiv(depth, part));
    }

    /// The share of the places that so many work-groups take while they run.
    private static double filled(long workGroups) {
        return (double) workGroups / (Math.ceilDiv(workGroups, PLACES) * PLACES);
    }

    /// The tiles of such a matrix, those of each group and part behind each other along z: `part · groups + group`.
    public Grid grid(int rows, int columns, int groups) {
        return Grid.tiles(rows, columns, Tiles.ROWS, wide ? Tiles.WIDE_COLUMNS : Tiles.COLUMNS, groups * parts);
    }

    /// Floats of scratch memory for a result of so many.
    public long scratch(long size) {
        return parts == 1 ? 0 : parts * size;
    }
}
