package org.jmoco.eval.result;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jmoco.eval.stats.HalfSamples;
import org.jmoco.eval.stats.McNemar;
import org.jmoco.nn.data.DataException;

/// Whether two encoders differ, by a paired test on the same items.
///
/// @param metric what is compared @param first value, in percent @param second value, in percent
/// @param difference first − second in percent, with its interval by half-samples of the items
/// @param pValue of these, two-sided @param mcNemar exact test on the items that only one of them gets
///     right; for classified items
public record Comparison(
        String metric,
        double first,
        double second,
        HalfSamples.Interval difference,
        double pValue,
        Optional<McNemar> mcNemar) {

    /// Compares every metric whose items both results hold.
    ///
    /// @param names stand for the two results in messages @param seed of the resamples
    /// @throws DataException if the protocols differ, no metric can be compared, or the items are not the same
    public static List<Comparison> of(List<String> names, EvaluationResult first, EvaluationResult second, long seed) {
        String both = names.get(0) + " and " + names.get(1);
        if (!first.protocol().equals(second.protocol())) {
            throw new DataException(both + ": the protocols differ, " + first.protocol() + " and " + second.protocol()
                    + "; run both encoders under one");
        }
        List<Comparison> comparisons = new ArrayList<>();
        for (Metric mine : first.metrics()) {
            second.metrics().stream()
                    .filter(m -> m.name().equals(mine.name())
                            && m.items().isPresent()
                            && mine.items().isPresent())
                    .findFirst()
                    .ifPresent(theirs -> comparisons.add(of(both, mine, theirs, seed)));
        }
        if (comparisons.isEmpty()) {
            throw new DataException(both + ": no metric has its items in both; compare needs the " + ResultFolder.ITEMS
                    + " that an evaluation writes beside its result");
        }
        return comparisons;
    }

    private static Comparison of(String both, Metric first, Metric second, long seed) {
        Items a = first.items().orElseThrow();
        Items b = second.items().orElseThrow();
        if (a.size() != b.size() || !sameLabels(a, b)) {
            throw new DataException(both + ": " + first.name() + " is of " + a.size() + " and of " + b.size()
                    + " items, or their labels differ; a paired test needs the same items");
        }
        HalfSamples.Paired paired =
                new HalfSamples(a.size(), HalfSamples.REPLICATES, seed).compare(a::score, b::score, Metric.LEVEL);
        HalfSamples.Interval d = paired.difference();
        Optional<McNemar> mcNemar = a instanceof Items.Correct x && b instanceof Items.Correct y
                ? Optional.of(McNemar.of(x.correct(), y.correct()))
                : Optional.empty();
        return new Comparison(
                first.name(),
                first.value(),
                second.value(),
                new HalfSamples.Interval(100 * d.value(), 100 * d.low(), 100 * d.high(), d.level()),
                paired.pValue(),
                mcNemar);
    }

    private static boolean sameLabels(Items a, Items b) {
        return switch (a) {
            case Items.Correct c -> b instanceof Items.Correct d && Arrays.equals(c.labels(), d.labels());
            case Items.Ranked r -> b instanceof Items.Ranked s && r.labels().equals(s.labels());
            case Items.Segmented p -> b instanceof Items.Segmented q && p.sameLabels(q);
            case Items.Detected p -> b instanceof Items.Detected q && p.sameLabels(q);
        };
    }
}
