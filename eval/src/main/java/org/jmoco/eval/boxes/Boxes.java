package org.jmoco.eval.boxes;

import java.util.Arrays;
import java.util.stream.IntStream;

/// Axis-aligned boxes x0, y0, x1, y1 in pixels; immutable.
public final class Boxes {
    /// No boxes.
    public static final Boxes NONE = new Boxes();

    private final float[] sides;

    private Boxes(float... sides) {
        this.sides = sides;
    }

    /// Boxes from their sides, four each.
    ///
    /// @throws IllegalArgumentException if that is no whole number of boxes
    public static Boxes of(float... sides) {
        if (sides.length % 4 != 0) {
            throw new IllegalArgumentException(
                    "boxes: " + sides.length + " sides are no whole number of boxes, which have four each");
        }
        return new Boxes(sides.clone());
    }

    public int size() {
        return sides.length / 4;
    }

    public float x0(int i) {
        return sides[4 * i];
    }

    public float y0(int i) {
        return sides[4 * i + 1];
    }

    public float x1(int i) {
        return sides[4 * i + 2];
    }

    public float y1(int i) {
        return sides[4 * i + 3];
    }

    /// Negative for a box inside out.
    public float width(int i) {
        return x1(i) - x0(i);
    }

    /// Negative for a box inside out.
    public float height(int i) {
        return y1(i) - y0(i);
    }

    public float area(int i) {
        return width(i) * height(i);
    }

    /// The sides of all boxes, four each.
    public float[] toArray() {
        return sides.clone();
    }

    /// Intersection over union of box `i` with box `j` of others, 0 where they do not meet.
    public float iou(int i, Boxes others, int j) {
        return iou(
                x0(i),
                y0(i),
                x1(i),
                y1(i),
                area(i),
                others.x0(j),
                others.y0(j),
                others.x1(j),
                others.y1(j),
                others.area(j));
    }

    /// The same of two boxes whose areas are known.
    static float iou(
            float ax0,
            float ay0,
            float ax1,
            float ay1,
            float aArea,
            float bx0,
            float by0,
            float bx1,
            float by1,
            float bArea) {
        float width = Math.max(Math.min(ax1, bx1) - Math.max(ax0, bx0), 0);
        float height = Math.max(Math.min(ay1, by1) - Math.max(ay0, by0), 0);
        float both = width * height;
        return both > 0 ? both / (aArea + bArea - both) : 0;
    }

    /// These boxes, in this order.
    public Boxes select(int... which) {
        float[] chosen = new float[4 * which.length];
        for (int i = 0; i < which.length; i++) {
            System.arraycopy(sides, 4 * which[i], chosen, 4 * i, 4);
        }
        return new Boxes(chosen);
    }

    /// These boxes and others behind them.
    public Boxes concat(Boxes others) {
        float[] both = Arrays.copyOf(sides, sides.length + others.sides.length);
        System.arraycopy(others.sides, 0, both, sides.length, others.sides.length);
        return new Boxes(both);
    }

    /// Each side moved into an image of this size.
    public Boxes clipped(float width, float height) {
        float[] clipped = new float[sides.length];
        for (int k = 0; k < sides.length; k++) {
            clipped[k] = Math.clamp(sides[k], 0, k % 2 == 0 ? width : height);
        }
        return new Boxes(clipped);
    }

    /// Horizontal sides times `x`, vertical ones times `y`.
    public Boxes scaled(float x, float y) {
        float[] scaled = new float[sides.length];
        for (int k = 0; k < sides.length; k++) {
            scaled[k] = sides[k] * (k % 2 == 0 ? x : y);
        }
        return new Boxes(scaled);
    }

    /// Mirrored left to right in an image of this width.
    public Boxes flipped(float width) {
        float[] flipped = sides.clone();
        for (int i = 0; i < sides.length; i += 4) {
            flipped[i] = width - sides[i + 2];
            flipped[i + 2] = width - sides[i];
        }
        return new Boxes(flipped);
    }

    /// The numbers of the boxes that have a width and a height above 0.
    public int[] nonEmpty() {
        return IntStream.range(0, size())
                .filter(i -> width(i) > 0 && height(i) > 0)
                .toArray();
    }

    /// The numbers of the boxes whose width and height are at least `side`.
    public int[] atLeast(float side) {
        return IntStream.range(0, size())
                .filter(i -> width(i) >= side && height(i) >= side)
                .toArray();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Boxes b && Arrays.equals(sides, b.sides);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sides);
    }

    @Override
    public String toString() {
        return IntStream.range(0, size())
                .mapToObj(i -> Arrays.toString(Arrays.copyOfRange(sides, 4 * i, 4 * i + 4)))
                .toList()
                .toString();
    }
}
