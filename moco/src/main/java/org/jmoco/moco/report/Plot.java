package org.jmoco.moco.report;

import java.util.List;
import java.util.stream.DoubleStream;

/// The frame of a chart: a vertical axis with lines across, names or numbers below, and where values lie in between.
final class Plot {
    private static final int TOP = 8;
    private static final int BOTTOM = 40;
    private static final int LINE = 16;
    private static final int RIGHT = 24;
    /// Of a digit in letters of 13 pixels.
    private static final double DIGIT = 7.5;

    final Svg svg;
    private final Drawing.Size size;
    private final Axis vertical;
    private final double left;
    private final int bottom;
    private final boolean staggered;

    /// With numbers under the horizontal axis.
    ///
    /// @param below what stands under it
    Plot(Drawing.Size size, String title, Axis vertical, String below) {
        this(size, title, vertical, below, List.of());
    }

    /// With names of places at equal distances under the horizontal axis; every other one a line lower where they
    /// would lie on one another.
    Plot(Drawing.Size size, String title, Axis vertical, String below, List<String> places) {
        this.size = size;
        this.vertical = vertical;
        List<Double> ticks = vertical.ticks();
        int longest =
                ticks.stream().mapToInt(t -> vertical.label(t).length()).max().orElse(1);
        left = 12 + DIGIT * longest;
        double letters =
                DIGIT * places.stream().mapToInt(p -> p.length() + 1).max().orElse(0);
        staggered = letters * places.size() > size.width() - RIGHT - left;
        bottom = BOTTOM + (staggered ? LINE : 0);
        svg = new Svg(size.css(), size.width(), size.height(), title);
        for (double t : ticks) {
            svg.line(left, y(t), size.width() - RIGHT, y(t), "axis")
                    .text(left - 7, y(t) + 4.5, "end", "tick", vertical.label(t));
        }
        svg.text((left + size.width() - RIGHT) / 2, size.height() - 4, "middle", "tick", below);
        for (int i = 0; i < places.size(); i++) {
            tick(x(i, places.size()), staggered && i % 2 == 1 ? LINE : 0, places.get(i));
        }
    }

    /// Numbers under the horizontal axis.
    void numbers(Axis horizontal) {
        for (double t : horizontal.ticks()) {
            tick(x(horizontal, t), 0, horizontal.label(t));
        }
    }

    private void tick(double x, int lower, String text) {
        double room = size.width() - 1 - DIGIT * text.length() / 2;
        svg.text(Math.min(x, room), size.height() - bottom + 17 + lower, "middle", "tick", text);
    }

    double x(Axis horizontal, double value) {
        return left + horizontal.place(value) * (size.width() - RIGHT - left);
    }

    double x(int place, int places) {
        return left + (place + 0.5) / places * (size.width() - RIGHT - left);
    }

    double y(double value) {
        return size.height() - bottom - vertical.place(value) * (size.height() - TOP - bottom);
    }

    double[] xs(Axis horizontal, double... values) {
        return DoubleStream.of(values).map(v -> x(horizontal, v)).toArray();
    }

    /// Heights of values; of one outside the axis none.
    double[] ys(double... values) {
        return DoubleStream.of(values)
                .map(v -> v >= vertical.low() && v <= vertical.high() ? y(v) : Double.NaN)
                .toArray();
    }
}
