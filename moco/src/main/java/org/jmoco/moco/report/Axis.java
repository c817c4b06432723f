package org.jmoco.moco.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// One axis of a chart: its range, and where its ticks are.
///
/// @param low  the value at the axis' beginning
/// @param high the value at its end, above `low`
/// @param step between ticks
record Axis(double low, double high, double step) {
    private static final int TICKS = 5;
    /// Of a step: a sum of shares that is a hair above 1 is 1.
    private static final double ROUNDING = 1e-9;

    /// An axis that shows all finite values and begins and ends at round numbers.
    static Axis over(double... values) {
        Axis tight = from(values);
        return new Axis(
                Math.floor(tight.low / tight.step + ROUNDING) * tight.step,
                Math.ceil(tight.high / tight.step - ROUNDING) * tight.step,
                tight.step);
    }

    /// An axis that begins at the smallest and ends at the largest finite value.
    static Axis from(double... values) {
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (double v : values) {
            if (Double.isFinite(v)) {
                min = Math.min(min, v);
                max = Math.max(max, v);
            }
        }
        if (min > max) {
            return new Axis(0, 1, 0.2);
        }
        if (min == max) {
            double margin = min == 0 ? 1 : Math.abs(min) * 0.1;
            min -= margin;
            max += margin;
        }
        return new Axis(min, max, round((max - min) / TICKS));
    }

    /// The same range in another number of parts at most.
    Axis parts(int most) {
        return new Axis(low, high, round((high - low) / most));
    }

    /// 1, 2 or 5 times a power of ten.
    private static double round(double step) {
        double power = Math.pow(10, Math.floor(Math.log10(step)));
        double mantissa = step / power;
        return power * (mantissa <= 1 ? 1 : mantissa <= 2 ? 2 : mantissa <= 5 ? 5 : 10);
    }

    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        double first = Math.ceil(low / step - ROUNDING) * step;
        for (int i = 0; first + i * step <= high + step / 1000; i++) {
            ticks.add(first + i * step);
        }
        return ticks;
    }

    /// Where a value lies, 0 at the beginning and 1 at the end.
    double place(double value) {
        return (value - low) / (high - low);
    }

    /// A tick's number with no more decimals than the step needs.
    String label(double value) {
        if (Math.abs(value) < step / 1000) {
            return "0";
        }
        double size = Math.max(Math.abs(low), Math.abs(high));
        if (size >= 1e6 || size < 1e-3) {
            return String.format(Locale.ROOT, "%.1e", value)
                    .replaceFirst("e([+-])0?(\\d)", "e$1$2")
                    .replace("e+", "e");
        }
        int decimals = (int) Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }
}
