package org.jmoco.moco.report;

import java.util.List;
import java.util.Locale;
import org.jmoco.eval.result.Metric;

/// Numbers as pages show them: those of one column with equally many decimals.
final class Numbers {
    private static final int MOST_DECIMALS = 5;
    private static final int DIGITS = 3;

    private Numbers() {}

    /// Two decimals, as the tables of the field have.
    static String two(double value) {
        return text(value, 2);
    }

    /// With its sign, the mathematical minus for a negative one.
    static String gain(double value) {
        return (value < 0 ? "−" : "+") + text(Math.abs(value), 2);
    }

    static String whole(double value) {
        return text(value, 0);
    }

    /// `36.81 to 42.87`.
    static String range(double low, double high) {
        return two(low) + " to " + two(high);
    }

    /// `39.80 %`.
    static String of(Metric m) {
        return two(m.value()) + (m.unit().isEmpty() ? "" : " " + m.unit());
    }

    /// The interval, or the values over seeds if there is none; empty if there is neither.
    static String uncertainty(Metric m) {
        return m.interval()
                .map(i -> range(i.low(), i.high()))
                .or(() -> m.spread().map(s -> range(s.min(), s.max())))
                .orElse("");
    }

    /// The numbers of one column: percent with two decimals, others with as many as their smallest needs for three
    /// digits. Text stays as it is, whole numbers too, and settings of many magnitudes.
    ///
    /// @param head the column's name, with its unit
    static List<String> column(String head, List<Object> cells) {
        double[] values = cells.stream()
                .filter(Double.class::isInstance)
                .mapToDouble(c -> Math.abs((Double) c))
                .filter(v -> v > 0 && Double.isFinite(v))
                .toArray();
        double least = Double.POSITIVE_INFINITY;
        for (double v : values) {
            least = Math.min(least, v);
        }
        int needed = (int) Math.max(2, DIGITS - 1 - Math.floor(Math.log10(least)));
        boolean percent = head.contains("%") || head.equals("gain") || head.equals("low") || head.equals("high");
        int decimals = percent || values.length == 0 ? 2 : needed;
        return cells.stream().map(c -> cell(c, decimals)).toList();
    }

    private static String cell(Object cell, int decimals) {
        return switch (cell) {
            case Double d when decimals > MOST_DECIMALS -> String.format(Locale.ROOT, "%.3g", d);
            case Double d -> text(d, decimals);
            case Integer i -> String.format(Locale.ROOT, "%,d", i);
            case Long l -> String.format(Locale.ROOT, "%,d", l);
            default -> cell.toString();
        };
    }

    private static String text(double value, int decimals) {
        return String.format(Locale.ROOT, "%,." + decimals + "f", value).replaceFirst("^-", "−");
    }
}
