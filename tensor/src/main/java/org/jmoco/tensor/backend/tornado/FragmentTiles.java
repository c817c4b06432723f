package org.jmoco.tensor.backend.tornado;

import java.util.stream.IntStream;

/// How a product on matrix units is cut into the tiles of [Fragments], and its sums into parts.
///
/// @param rows    of the result
/// @param columns of the result
/// @param depth   products of a result, a multiple of [Fragments#DEPTH]
/// @param bias    whether a number is added to each column
public record FragmentTiles(int rows, int columns, int depth, boolean bias) {
    /// Words of both operands, and of what helps to find them, that scratch memory holds at most.
    public static final long MOST_WORDS = 1L << 29;

    private static final int MOST_ROWS = Grid.MOST * Fragments.TILE;

    /// Whether fragments can make up such a result.
    public boolean fit() {
        return rows >= Fragments.ROWS
                && rows <= MOST_ROWS
                && columns > 0
                && columns % Fragments.COLUMNS == 0
                && depth > 0;
    }

    private Tiling tiling() {
        return Tiling.wide(rows, columns, depth);
    }

    /// Whether the sums of tiles are the results.
    private boolean whole() {
        return tiling().parts() == 1 && !bias;
    }

    /// Floats of scratch memory for the sums of tiles.
    public long scratch() {
        return whole() ? 0 : tiling().parts() * (long) rows * columns;
    }

    /// Adds the launch of a product, and one that adds its parts and a bias.
    ///
    /// @param a        a call, whose operand 2 is the bias if there is one
    /// @param operands the end of the argument block. Before it stand: where the sums go, their rows and columns,
    ///     products of a result in all and in a part; the part is the group's number along z
    public void launch(Launches gpu, Args a, String name, FarKernel kernel, int... operands) {
        Tiling tiling = tiling();
        int result = a.arenas().result();
        int to = whole() ? a.out() : a.scratch();
        gpu.launch(
                name,
                kernel,
                new Grid(
                        Math.ceilDiv(columns, Fragments.TILE),
                        Math.ceilDiv(rows, Fragments.TILE),
                        tiling.parts(),
                        Grid.GROUP,
                        1),
                new Arenas(0, 0, 0, whole() ? result : 0),
                IntStream.concat(IntStream.of(to, rows, columns, depth, tiling.part()), IntStream.of(operands))
                        .toArray());
        if (!whole()) {
            Parts.add(gpu, result, to, a.out(), a.size(), tiling.parts(), columns, bias ? a.in(2) : -1);
        }
    }
}
