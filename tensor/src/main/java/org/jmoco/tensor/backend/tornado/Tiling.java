package org.jmoco.tensor.backend.tornado;

/// How a product of matrices is cut: in wide or narrow [Tiles], and its sums in one or several parts. It follows from
/// the
/// extents alone, so that a product of the same extents has the same bits, whatever it runs on.
///
/// Large GPUs hold two work-groups on each of 132 multiprocessors. Wide tiles do more products a read, but halve the
/// work-groups; they are taken where enough are left and the last ones are not half empty. Where even narrow tiles are
/// too few, several work-groups share a tile's products, each those of one part; [Parts] adds what they found.
///
/// @param wide  whether tiles are [Tiles#WIDE_COLUMNS] wide
/// @param part  products of a result in a part
/// @param parts how many there are
public record Tiling(boolean wide, int part, int parts) {
    /// Work-groups that fill a large GPU.
    private static final int PLACES = 264;

    /// Wide tiles that fill it well enough.
    private static final int WIDE = 198;

    /// Products of a result in a part, at least: what is found must be written, read and added.
    private static final int LEAST = 256;

    /// Of a product of `rows × depth` and `depth × columns`, and so many of them beside each other.
    public static Tiling of(int rows, int columns, int depth, int groups) {
        int high = Math.ceilDiv(rows, Tiles.ROWS);
        boolean full = Math.ceilDiv(columns, Tiles.COLUMNS) % 2 == 0;
        if (full && (long) high * Math.ceilDiv(columns, Tiles.WIDE_COLUMNS) * groups >= WIDE) {
            return new Tiling(true, depth, 1);
        }
        long tiles = (long) high * Math.ceilDiv(columns, Tiles.COLUMNS) * groups;
        int wanted = (int) Math.clamp(tiles == 0 ? 1 : PLACES / tiles, 1, Math.max(1, depth / LEAST));
        if (wanted == 1) {
            return new Tiling(false, depth, 1);
        }
        int part = Math.ceilDiv(Math.ceilDiv(depth, wanted), Tiles.DEPTH) * Tiles.DEPTH;
        return new Tiling(false, part, Math.ceilDiv(depth, part));
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
