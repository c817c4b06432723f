package org.jmoco.nn.data.dense;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Masks as COCO writes them: polygons along the edges of pixels, or runs. Both give the same pixels again.
final class MaskOutline {
    private static final int RIGHT = 0;
    private static final int DOWN = 1;
    private static final int LEFT = 2;
    private static final int UP = 3;
    private static final int[] DX = {1, 0, -1, 0};
    private static final int[] DY = {0, 1, 0, -1};

    private final boolean[] mask;
    private final int width;
    private final int height;

    /// Bit d of `edges[y·(width + 1) + x]` is an edge that leaves that corner in direction d, with the mask to
    /// its right; `left` has those that were not walked yet.
    private final byte[] edges;

    private final byte[] left;

    private MaskOutline(boolean[] mask, int width, int height) {
        this.mask = mask;
        this.width = width;
        this.height = height;
        edges = new byte[(width + 1) * (height + 1)];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                if (mask[y * width + x]) {
                    addEdge(x, y, RIGHT, isIn(x, y - 1));
                    addEdge(x + 1, y, DOWN, isIn(x + 1, y));
                    addEdge(x + 1, y + 1, LEFT, isIn(x, y + 1));
                    addEdge(x, y + 1, UP, isIn(x - 1, y));
                }
            }
        }
        left = edges.clone();
    }

    private boolean isIn(int x, int y) {
        return x >= 0 && x < width && y >= 0 && y < height && mask[y * width + x];
    }

    private void addEdge(int x, int y, int direction, boolean inner) {
        if (!inner) {
            edges[y * (width + 1) + x] |= (byte) (1 << direction);
        }
    }

    /// The outlines of a mask's parts, each `x, y, x, y, …` in whole pixels; empty if a part has a hole, which
    /// polygons that unite cannot show.
    ///
    /// @param mask `[height, width]`
    static Optional<List<double[]>> polygons(boolean[] mask, int width, int height) {
        MaskOutline outline = new MaskOutline(mask, width, height);
        List<double[]> rings = new ArrayList<>();
        for (int corner = 0; corner < outline.left.length; corner++) {
            while (outline.left[corner] != 0) {
                IntArrayList ring = outline.walk(corner);
                if (isHole(ring)) {
                    return Optional.empty();
                }
                rings.add(ring.intStream().asDoubleStream().toArray());
            }
        }
        return Optional.of(rings);
    }

    /// Walks along edges back to where they began. Where two parts touch at a corner it turns right, which
    /// stays on the same part; corners are kept, points between them are not.
    private IntArrayList walk(int start) {
        IntArrayList ring = new IntArrayList();
        int first = Integer.numberOfTrailingZeros(left[start]);
        int corner = start;
        int direction = first;
        int before = -1;
        do {
            if (direction != before) {
                ring.add(corner % (width + 1));
                ring.add(corner / (width + 1));
            }
            left[corner] &= (byte) ~(1 << direction);
            corner += DX[direction] + DY[direction] * (width + 1);
            before = direction;
            direction = next(corner, direction);
        } while (corner != start || direction != first);
        return ring;
    }

    private int next(int corner, int direction) {
        for (int turn = 1; turn >= -1; turn--) {
            int next = direction + turn & 3;
            if ((edges[corner] & 1 << next) != 0) {
                return next;
            }
        }
        throw new AssertionError("an outline ends");
    }

    /// With the mask to the right of the walk (y points down), an outline encloses a positive area and a hole a
    /// negative one.
    private static boolean isHole(IntArrayList ring) {
        long twice = 0;
        int n = ring.size();
        for (int i = 0; i < n; i += 2) {
            int j = (i + 2) % n;
            twice += (long) ring.getInt(i) * ring.getInt(j + 1) - (long) ring.getInt(j) * ring.getInt(i + 1);
        }
        return twice < 0;
    }

    /// Lengths of runs column by column, pixels outside first.
    static int[] runs(boolean[] mask, int width, int height) {
        IntArrayList runs = new IntArrayList();
        boolean inside = false;
        int run = 0;
        for (int i = 0; i < width * height; i++) {
            boolean pixel = mask[i % height * width + i / height];
            if (pixel != inside) {
                runs.add(run);
                run = 0;
                inside = pixel;
            }
            run++;
        }
        runs.add(run);
        return runs.toIntArray();
    }
}
