package org.jmoco.eval.result;

import java.util.List;
import java.util.Optional;

/// Outcome of one benchmark on one encoder.
///
/// @param protocol which benchmark by whose rules, such as `voc07-svm/mmselfsup/3-fold`; two results are
///     comparable if these are equal
/// @param metrics the numbers the protocol reports, the one that is usually quoted first; names are unique
/// @param tables what lies behind them, such as the precision of every class
/// @param published numbers that others reported for the same data and protocol; empty unless the data set is the
///     published one
/// @param confusion which classes were taken for which; empty unless one class is predicted for every item, of not
///     too many
/// @param provenance what it was made from
public record EvaluationResult(
        String protocol,
        List<Metric> metrics,
        List<ResultTable> tables,
        List<Published> published,
        Optional<Confusion> confusion,
        Provenance provenance) {

    /// A result without a table of classes taken for each other.
    public EvaluationResult(
            String protocol,
            List<Metric> metrics,
            List<ResultTable> tables,
            List<Published> published,
            Provenance provenance) {
        this(protocol, metrics, tables, published, Optional.empty(), provenance);
    }

    /// @throws IllegalArgumentException if there is no metric, or two have the same name
    public EvaluationResult {
        metrics = List.copyOf(metrics);
        tables = List.copyOf(tables);
        published = List.copyOf(published);
        if (metrics.isEmpty() || metrics.stream().map(Metric::name).distinct().count() != metrics.size()) {
            throw new IllegalArgumentException("a result needs metrics with names of their own, got "
                    + metrics.stream().map(Metric::name).toList());
        }
    }

    /// The metric of a name.
    ///
    /// @throws IllegalArgumentException if there is none
    public Metric metric(String name) {
        return metrics.stream()
                .filter(m -> m.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no metric '" + name + "' in the result; it has "
                        + metrics.stream().map(Metric::name).toList()));
    }
}
