package org.jmoco.eval.result;

import java.util.Optional;
import org.jmoco.eval.stats.HalfSamples;
import org.jmoco.eval.stats.Summary;
import org.jmoco.eval.stats.Wilson;

/// One number of a result.
///
/// @param name as the field calls it, such as `mAP` or `top-1`; in a result with several of a kind
///     `top-1 feature3` @param value in `unit` @param unit `%`, `nats`, or empty
/// @param interval over the items, in `unit` @param spread over draws or seeds, in `unit`;
///     `value` is then its mean
/// @param items what every item contributed, for paired comparisons
public record Metric(
        String name,
        double value,
        String unit,
        Optional<Interval> interval,
        Optional<Summary> spread,
        Optional<Items> items) {

    /// Level of the intervals that are reported.
    public static final double LEVEL = 0.95;

    /// An interval that holds the value with a certain confidence.
    ///
    /// @param level such as 0.95
    public record Interval(double low, double high, double level) {}

    /// A number by itself.
    public static Metric of(String name, double value, String unit) {
        return new Metric(name, value, unit, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /// The score of items in percent, with its interval over them: of classified items
    /// [Wilson]'s, else by [HalfSamples].
    ///
    /// @param seed of the resamples
    public static Metric percent(String name, Items items, long seed) {
        HalfSamples.Interval i = items instanceof Items.Correct classified
                ? Wilson.interval(classified.right(), items.size(), LEVEL)
                : new HalfSamples(items.size(), HalfSamples.REPLICATES, seed).interval(items::score, LEVEL);
        return new Metric(
                name,
                100 * i.value(),
                "%",
                Optional.of(new Interval(100 * i.low(), 100 * i.high(), i.level())),
                Optional.empty(),
                Optional.of(items));
    }

    /// The same metric with its spread over draws or seeds, in its unit.
    public Metric withSpread(Summary over) {
        return new Metric(name, value, unit, interval, Optional.of(over), items);
    }
}
