package org.jmoco.eval.masks;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.Arrays;
import java.util.List;
import org.jmoco.nn.data.dense.CocoRuns;
import org.jmoco.nn.data.source.Target;

/// The pixels of an object as run lengths, column by column, pixels outside first: COCO's form (`maskApi.c`).
///
/// @param height,width of the image in pixels   @param counts lengths of the runs, whose sum is `height·width`;
///     shared, so never change them
@SuppressWarnings("ArrayRecordComponent") // a carrier of runs, never compared
public record Rle(int height, int width, int[] counts) {
    /// @throws IllegalArgumentException if a run is negative or the runs do not fill the image
    public Rle {
        long sum = 0;
        for (int count : counts) {
            if (count < 0) {
                throw new IllegalArgumentException("run lengths: a run of " + count + " pixels");
            }
            sum += count;
        }
        if (sum != (long) height * width) {
            throw new IllegalArgumentException(
                    "run lengths: " + sum + " pixels for an image of " + height + " rows and " + width + " columns");
        }
    }

    /// The runs of a mask.
    ///
    /// @param mask `[height, width]`
    public static Rle of(boolean[] mask, int height, int width) {
        IntArrayList runs = new IntArrayList();
        boolean inside = false;
        int run = 0;
        for (int x = 0; x < width; x++) {
            for (int y = 0; y < height; y++) {
                if (mask[y * width + x] != inside) {
                    runs.add(run);
                    run = 0;
                    inside = !inside;
                }
                run++;
            }
        }
        runs.add(run);
        return new Rle(height, width, runs.toIntArray());
    }

    /// The runs of an annotated object: polygons unite.
    ///
    /// @param height,width of the image, which runs have to fit
    /// @throws IllegalArgumentException if runs are of another size
    public static Rle of(Target.Mask mask, int height, int width) {
        return switch (mask) {
            case Target.Mask.Polygons polygons -> Polygon.toRle(polygons.rings(), height, width);
            case Target.Mask.Runs runs -> {
                if (runs.height() != height || runs.width() != width) {
                    throw new IllegalArgumentException("run lengths: of " + runs.height() + " rows and " + runs.width()
                            + " columns in an image of " + height + " and " + width);
                }
                yield new Rle(height, width, runs.counts());
            }
        };
    }

    /// Parses COCO's text form.
    ///
    /// @throws IllegalArgumentException if it is none, or of another size
    public static Rle parse(String text, int height, int width) {
        return new Rle(height, width, CocoRuns.parse(text));
    }

    /// COCO's text form.
    public String text() {
        return CocoRuns.text(counts);
    }

    /// The mask, `[height, width]`.
    public boolean[] toMask() {
        boolean[] mask = new boolean[height * width];
        int at = 0;
        for (int run = 0; run < counts.length; run++) {
            if (run % 2 == 1 && counts[run] > 0) {
                int x = at / height;
                int y = at - x * height;
                for (int left = counts[run]; left > 0; left--) {
                    mask[y * width + x] = true;
                    if (++y == height) {
                        y = 0;
                        x++;
                    }
                }
            }
            at += counts[run];
        }
        return mask;
    }

    /// How many pixels are inside.
    public long area() {
        long area = 0;
        for (int run = 1; run < counts.length; run += 2) {
            area += counts[run];
        }
        return area;
    }

    /// The box around the pixels inside; all 0 without any.
    public Target.Box box() {
        int left = width;
        int top = height;
        int right = 0;
        int bottom = 0;
        int x = 0; // where the next run begins; a division for each would take longer than all else
        int y = 0;
        for (int run = 0; run < counts.length; run++) {
            int count = counts[run];
            if (count == 0) {
                continue;
            }
            int end = y + count;
            if (run % 2 == 1) {
                left = Math.min(left, x);
                right = end <= height ? x + 1 : x + (end - 1) / height + 1;
                top = end <= height ? Math.min(top, y) : 0;
                bottom = Math.max(bottom, Math.min(end, height));
            }
            int columns = end < height ? 0 : end < 2 * height ? 1 : end / height;
            x += columns;
            y = end - columns * height;
        }
        return right == 0 ? new Target.Box(0, 0, 0, 0) : new Target.Box(left, top, right, bottom);
    }

    /// How many pixels are inside of both.
    ///
    /// @throws IllegalArgumentException if the sizes differ
    public long intersection(Rle other) {
        requireSameSize(other);
        long sum = 0;
        int a = 0;
        int b = 0;
        int leftOfA = counts.length == 0 ? 0 : counts[0];
        int leftOfB = other.counts.length == 0 ? 0 : other.counts[0];
        while (a < counts.length && b < other.counts.length) {
            int step = Math.min(leftOfA, leftOfB);
            sum += a % 2 == 1 && b % 2 == 1 ? step : 0;
            leftOfA -= step;
            leftOfB -= step;
            if (leftOfA == 0 && ++a < counts.length) {
                leftOfA = counts[a];
            }
            if (leftOfB == 0 && ++b < other.counts.length) {
                leftOfB = other.counts[b];
            }
        }
        return sum;
    }

    /// Intersection over union with an annotated object; over this mask's own area if that is a crowd. 0 for two
    /// empty masks.
    public double overlap(Rle truth, boolean crowd) {
        long both = intersection(truth);
        long whole = crowd ? area() : area() + truth.area() - both;
        return whole == 0 ? 0 : (double) both / whole;
    }

    /// The pixels that are inside of one mask or more.
    ///
    /// @throws IllegalArgumentException if there is none, or the sizes differ
    public static Rle union(List<Rle> masks) {
        if (masks.isEmpty()) {
            throw new IllegalArgumentException("run lengths: a union of no masks");
        }
        Rle union = masks.getFirst();
        for (Rle mask : masks.subList(1, masks.size())) {
            union.requireSameSize(mask);
            union = new Rle(union.height, union.width, united(union.counts, mask.counts));
        }
        return union;
    }

    private static int[] united(int[] first, int[] second) {
        IntArrayList runs = new IntArrayList(first.length + second.length);
        boolean inside = false;
        int run = 0;
        int a = 0;
        int b = 0;
        int leftOfA = first.length == 0 ? 0 : first[0];
        int leftOfB = second.length == 0 ? 0 : second[0];
        while (a < first.length && b < second.length) {
            int step = Math.min(leftOfA, leftOfB);
            boolean now = a % 2 == 1 || b % 2 == 1;
            if (step > 0 && now != inside) {
                runs.add(run);
                run = 0;
                inside = now;
            }
            run += step;
            leftOfA -= step;
            leftOfB -= step;
            if (leftOfA == 0 && ++a < first.length) {
                leftOfA = first[a];
            }
            if (leftOfB == 0 && ++b < second.length) {
                leftOfB = second[b];
            }
        }
        runs.add(run);
        return runs.toIntArray();
    }

    private void requireSameSize(Rle other) {
        if (height != other.height || width != other.width) {
            throw new IllegalArgumentException("run lengths: of " + height + " rows and " + width + " columns, and of "
                    + other.height + " and " + other.width);
        }
    }

    @Override
    public String toString() {
        return "Rle " + width + "×" + height + " " + Arrays.toString(counts);
    }
}
