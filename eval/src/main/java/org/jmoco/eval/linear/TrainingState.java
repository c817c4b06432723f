package org.jmoco.eval.linear;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jmoco.tensor.Variable;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.ElementType;

/// A training of classifiers as named arrays: `model.*`, `momentum.*`, `history.loss` `[epochs, classifiers]`,
/// `history.top1` `[evaluations, classifiers]`, and the scores `last.0.labels`, ….
final class TrainingState {
    private static final String MODEL = "model.";
    private static final String LOSS = "history.loss";
    private static final String TOP1 = "history.top1";

    private TrainingState() {}

    /// The arrays of variables are their own memory.
    static Map<String, ArrayData> of(
            Map<String, Variable> model,
            List<Variable> momenta,
            List<EpochReport> history,
            Map<String, List<Score>> scores,
            int classifiers) {
        Map<String, ArrayData> state = new LinkedHashMap<>();
        model.forEach((name, v) -> state.put(MODEL + name, view(v)));
        momenta.forEach(v -> state.put(v.name(), view(v)));
        state.put(LOSS, rows(history.stream().map(EpochReport::loss).toList(), classifiers));
        state.put(
                TOP1,
                rows(
                        history.stream()
                                .map(EpochReport::top1)
                                .filter(top1 -> !top1.isEmpty())
                                .toList(),
                        classifiers));
        scores.forEach((which, all) -> {
            for (int i = 0; i < all.size(); i++) {
                state.putAll(all.get(i).toArrays(which + "." + i + "."));
            }
        });
        return state;
    }

    private static ArrayData view(Variable v) {
        long[] shape = Arrays.stream(v.shape().dims()).asLongStream().toArray();
        return ArrayData.of(ElementType.F32, shape, v.host());
    }

    private static ArrayData rows(List<List<Double>> rows, int columns) {
        double[] values = rows.stream()
                .flatMap(List::stream)
                .mapToDouble(Double::doubleValue)
                .toArray();
        return ArrayData.ofDoubles(values, rows.size(), columns);
    }

    static void restore(Map<String, Variable> model, List<Variable> momenta, Map<String, ArrayData> state) {
        model.forEach((name, v) -> v.set(state.get(MODEL + name).toFloatArray()));
        momenta.forEach(v -> v.set(state.get(v.name()).toFloatArray()));
    }

    static List<EpochReport> history(Map<String, ArrayData> state, Recipe recipe) {
        List<EpochReport> history = new ArrayList<>();
        int evaluations = 0;
        for (int e = 0; e < state.get(LOSS).dim(0); e++) {
            List<Double> top1 = recipe.evaluatesAfter(e) ? row(state.get(TOP1), evaluations++) : List.of();
            history.add(recipe.reportOf(e, row(state.get(LOSS), e), top1));
        }
        return history;
    }

    static List<Score> scores(Map<String, ArrayData> state, String which, int classifiers) {
        List<Score> scores = new ArrayList<>();
        for (int i = 0; i < classifiers; i++) {
            Score.of(state, which + "." + i + ".").ifPresent(scores::add);
        }
        return scores;
    }

    private static List<Double> row(ArrayData array, int row) {
        List<Double> values = new ArrayList<>();
        for (int i = 0; i < array.dim(1); i++) {
            values.add(array.doubleAt(row * array.dim(1) + i));
        }
        return values;
    }
}
