package org.jmoco.eval.masks;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.Arrays;
import java.util.List;

/// Polygons to pixels by COCO's rule (`maskApi.c`, `rleFrPoly`), which annotations and published scores go by.
///
/// Corners are rounded to fifths of a pixel and edges walked in such steps. Where a step changes the column's
/// middle, a run of that column begins or ends.
public final class Polygon {
    private static final double SCALE = 5;
    private static final int FEWEST_NUMBERS = 6;

    private Polygon() {}

    /// The pixels of an object, whose polygons unite; those of fewer than three corners are dropped.
    ///
    /// @param rings each `x, y, x, y, …` in pixels
    public static Rle toRle(List<double[]> rings, int height, int width) {
        List<Rle> parts = rings.stream()
                .filter(ring -> ring.length >= FEWEST_NUMBERS)
                .map(ring -> toRle(ring, height, width))
                .toList();
        return parts.isEmpty() ? new Rle(height, width, new int[] {height * width}) : Rle.union(parts);
    }

    /// The pixels of one polygon.
    ///
    /// @param ring `x, y, x, y, …` in pixels; of an odd number the last does not count
    static Rle toRle(double[] ring, int height, int width) {
        IntArrayList fineX = new IntArrayList();
        IntArrayList fineY = new IntArrayList();
        walk(ring, fineX, fineY);
        IntArrayList places = new IntArrayList();
        for (int j = 1; j < fineX.size(); j++) {
            int x = fineX.getInt(j);
            int before = fineX.getInt(j - 1);
            if (x == before) {
                continue;
            }
            double column = ((x < before ? x : x - 1) + 0.5) / SCALE - 0.5;
            if (Math.floor(column) != column || column < 0 || column > width - 1) {
                continue;
            }
            double row = (Math.min(fineY.getInt(j), fineY.getInt(j - 1)) + 0.5) / SCALE - 0.5;
            places.add((int) column * height + (int) Math.ceil(Math.clamp(row, 0, height)));
        }
        places.add(height * width);
        return new Rle(height, width, runs(places.toIntArray()));
    }

    /// All points along the edges, corners twice.
    private static void walk(double[] ring, IntArrayList fineX, IntArrayList fineY) {
        int corners = ring.length / 2;
        for (int j = 0; j < corners; j++) {
            int next = (j + 1) % corners;
            int xs = fine(ring[2 * j]);
            int ys = fine(ring[2 * j + 1]);
            int xe = fine(ring[2 * next]);
            int ye = fine(ring[2 * next + 1]);
            int dx = Math.abs(xe - xs);
            int dy = Math.abs(ye - ys);
            boolean flat = dx >= dy;
            boolean flip = flat ? xs > xe : ys > ye;
            int fromX = flip ? xe : xs;
            int fromY = flip ? ye : ys;
            int toX = flip ? xs : xe;
            int toY = flip ? ys : ye;
            double slope = flat ? (double) (toY - fromY) / dx : (double) (toX - fromX) / dy;
            int steps = Math.max(dx, dy);
            for (int d = 0; d <= steps; d++) {
                int t = flip ? steps - d : d;
                fineX.add(flat ? t + fromX : (int) (fromX + slope * t + 0.5));
                fineY.add(flat ? (int) (fromY + slope * t + 0.5) : t + fromY);
            }
        }
    }

    private static int fine(double coordinate) {
        return (int) (SCALE * coordinate + 0.5);
    }

    /// The runs between sorted places; a run of no pixels joins its neighbours.
    private static int[] runs(int[] places) {
        Arrays.sort(places);
        int[] differences = new int[places.length];
        for (int j = 0; j < places.length; j++) {
            differences[j] = places[j] - (j == 0 ? 0 : places[j - 1]);
        }
        IntArrayList runs = new IntArrayList();
        runs.add(differences[0]);
        int j = 1;
        while (j < differences.length) {
            if (differences[j] > 0) {
                runs.add(differences[j++]);
            } else {
                j++;
                if (j < differences.length) {
                    runs.set(runs.size() - 1, runs.getInt(runs.size() - 1) + differences[j++]);
                }
            }
        }
        return runs.toIntArray();
    }
}
