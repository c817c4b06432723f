package org.jmoco.eval.linear;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jmoco.tensor.Variable;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.ElementType;

/// A training between two epochs as named arrays: `model.*`, `momentum.*`, `history.loss` and `history.top1`
/// `[epochs, classifiers]` (NaN where test images were not looked at), `seconds`, and the scores `last.0.labels`,
/// ….
final class TrainingState {
    private static final String MODEL = "model.";
    private static final String LOSS = "history.loss";
    private static final String TOP1 = "history.top1";
    private static final String SECONDS = "seconds";

    private TrainingState() {}

    /// @param array what stands for a variable: [#copy] or [#view] of it
    static Map<String, ArrayData> of(
            Map<String, Variable> model,
            List<Variable> momenta,
            Function<Variable, ArrayData> array,
            List<EpochReport> history,
            double seconds,
            Map<String, List<Score>> scores) {
        Map<String, ArrayData> state = new LinkedHashMap<>();
        model.forEach((name, v) -> state.put(MODEL + name, array.apply(v)));
        momenta.forEach(v -> state.put(v.name(), array.apply(v)));
        int classifiers = history.isEmpty() ? 1 : history.getFirst().loss().size();
        double[] losses = new double[history.size() * classifiers];
        double[] top1 = new double[history.size() * classifiers];
        Arrays.fill(top1, Double.NaN);
        for (int e = 0; e < history.size(); e++) {
            for (int i = 0; i < classifiers; i++) {
                losses[e * classifiers + i] = history.get(e).loss().get(i);
                if (!history.get(e).top1().isEmpty()) {
                    top1[e * classifiers + i] = history.get(e).top1().get(i);
                }
            }
        }
        state.put(LOSS, ArrayData.ofDoubles(losses, history.size(), classifiers));
        state.put(TOP1, ArrayData.ofDoubles(top1, history.size(), classifiers));
        state.put(SECONDS, ArrayData.ofDoubles(new double[] {seconds}));
        scores.forEach((which, all) -> {
            for (int i = 0; i < all.size(); i++) {
                state.putAll(all.get(i).toArrays(which + "." + i + "."));
            }
        });
        return state;
    }

    static void restore(Map<String, Variable> model, List<Variable> momenta, Map<String, ArrayData> state) {
        model.forEach((name, v) -> v.set(state.get(MODEL + name).toFloatArray()));
        momenta.forEach(v -> v.set(state.get(v.name()).toFloatArray()));
    }

    static List<EpochReport> history(Map<String, ArrayData> state, Recipe recipe) {
        List<EpochReport> history = new ArrayList<>();
        for (int e = 0; e < state.get(LOSS).dim(0); e++) {
            List<Double> top1 = row(state.get(TOP1), e);
            history.add(new EpochReport(
                    e + 1,
                    recipe.epochs(),
                    recipe.lrAt(e),
                    row(state.get(LOSS), e),
                    top1.contains(Double.NaN) ? List.of() : top1));
        }
        return history;
    }

    static double seconds(Map<String, ArrayData> state) {
        return state.get(SECONDS).doubleAt(0);
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

    static ArrayData copy(Variable v) {
        return ArrayData.ofFloats(v.toArray(), shape(v));
    }

    /// The variable's own memory.
    static ArrayData view(Variable v) {
        return ArrayData.of(ElementType.F32, shape(v), v.host());
    }

    private static long[] shape(Variable v) {
        return Arrays.stream(v.shape().dims()).asLongStream().toArray();
    }
}
