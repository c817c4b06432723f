package org.jmoco.eval.svm;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ejml.data.DMatrixRMaj;
import org.jmoco.eval.LabelMatrix;
import org.jmoco.eval.result.Provenance;
import org.jmoco.eval.result.Published;

/// What a support vector machine is trained and tested on.
///
/// @param train `[n, d]` @param trainLabels of the `n` items @param test `[m, d]` @param testLabels of the `m` items
/// @param config settings that decided the features @param inputs what was read
/// @param layer name of the feature in published tables, such as `feat5`, if this is the published data set; empty
///     otherwise
public record SvmData(
        DMatrixRMaj train,
        LabelMatrix trainLabels,
        DMatrixRMaj test,
        LabelMatrix testLabels,
        Map<String, Object> config,
        List<Provenance.Input> inputs,
        String layer) {

    /// The published numbers beside which a result belongs.
    public List<Published> published(String benchmark) {
        return Published.of(benchmark).stream()
                .filter(p -> p.layer().equals(layer))
                .toList();
    }

    /// The same with one more input.
    public SvmData with(Provenance.Input input) {
        List<Provenance.Input> all = new ArrayList<>(inputs);
        all.add(input);
        return new SvmData(train, trainLabels, test, testLabels, config, all, layer);
    }
}
