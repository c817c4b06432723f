package org.jmoco.moco.parity;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.Set;
import org.jmoco.moco.algorithm.Moco;
import org.jmoco.moco.algorithm.Outcome;
import org.jmoco.moco.algorithm.Step;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.moco.pretrain.BatchSource;
import org.jmoco.moco.pretrain.RunData;
import org.jmoco.moco.pretrain.Timetable;
import org.jmoco.nn.train.Progress;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.io.ArrayData;

/// Takes the same training steps on two devices, each going its own way, and holds the losses and the parameters
/// after each step against each other.
public final class Parity {
    /// Of the learning rate: larger parameters, of which the steps that are compared change less.
    private static final float WARM_UP_RATE = 10;

    private final MocoConfig config;
    private final BatchSource batches;
    private final Optional<Path> init;
    private final int warmUp;
    private final Tolerance tolerance;
    private final Progress progress;

    /// What may differ.
    ///
    /// @param loss   of one step, relative
    /// @param tensor a parameter of either encoder: ‖difference‖₂ / ‖value‖₂
    public record Tolerance(double loss, double tensor) {
        public static final Tolerance DEFAULT = new Tolerance(1e-4, 1e-3);
    }

    /// What was found.
    ///
    /// @param steps       taken
    /// @param loss        the largest relative difference of a loss
    /// @param parameters  the largest of a parameter of either encoder, relative L2
    /// @param parameter   the name of that parameter
    /// @param others      the largest of any other value of the state: running statistics, momentum, queue
    /// @param other       the name of that value
    /// @param first       the first value beyond the tolerance, and the op it comes from; empty if there is none
    public record Result(
            int steps,
            double loss,
            double parameters,
            String parameter,
            double others,
            String other,
            Optional<String> first) {}

    private Parity(
            MocoConfig config,
            BatchSource batches,
            Optional<Path> init,
            int warmUp,
            Tolerance tolerance,
            Progress progress) {
        this.config = config;
        this.batches = batches;
        this.init = init;
        this.warmUp = warmUp;
        this.tolerance = tolerance;
        this.progress = progress;
    }

    /// Takes up to `steps` steps; ends at the first that differs too much.
    ///
    /// @param noise side of views made of noise, which take the place of the configuration's data
    /// @param init   weights to begin with
    /// @param warmUp steps that the first device takes before both go on from its state: from random weights,
    ///     biases of 0 and no momentum the first steps are chaotic, and a bias that is nothing but the sum of a
    ///     few gradients differs by as much as they do
    /// @throws org.jmoco.nn.data.DataException if the data is missing or broken
    public static Result run(
            MocoConfig config,
            OptionalInt noise,
            Optional<Path> init,
            int warmUp,
            int steps,
            Device first,
            Device second,
            Tolerance tolerance,
            Progress progress) {
        BatchSource batches = noise.isPresent()
                ? new NoiseBatches(config, noise.getAsInt())
                : RunData.open(config).batches();
        return new Parity(config, batches, init, warmUp, tolerance, progress).run(steps, first, second);
    }

    private Moco begin() {
        Moco moco = new Moco(config, batches.pixels());
        init.ifPresent(moco::init);
        return moco;
    }

    private Result run(int steps, Device firstDevice, Device secondDevice) {
        Timetable timetable = new Timetable(config, batches.stepsPerEpoch());
        Moco first = begin();
        Moco second = begin();
        Step onFirst = first.on(firstDevice);
        Step onSecond = second.on(secondDevice);
        Set<String> parameters = new HashSet<>();
        first.query().namedParameters().keySet().forEach(name -> {
            parameters.add("encoder_q." + name);
            parameters.add("encoder_k." + name);
        });
        Result result = new Result(0, 0, 0, "", 0, "", Optional.empty());
        try (BatchSource.Batches views = batches.from(0, first::permutation)) {
            for (int step = 0; step < warmUp; step++) {
                BatchSource.Views v = views.next();
                onFirst.run(v.query(), v.key(), v.permutation(), WARM_UP_RATE * timetable.learningRate(step));
            }
            second.load(first.save());
            for (int step = 0; step < steps && result.first().isEmpty(); step++) {
                SequencedMap<String, ArrayData> before = first.save();
                BatchSource.Views v = views.next();
                float rate = timetable.learningRate(warmUp + step);
                long start = System.nanoTime();
                Outcome a = onFirst.run(v.query(), v.key(), v.permutation(), rate);
                long middle = System.nanoTime();
                Outcome b = onSecond.run(v.query(), v.key(), v.permutation(), rate);
                long end = System.nanoTime();
                double loss = Math.abs(a.loss() - b.loss()) / Math.abs(a.loss());
                result = compare(result, loss, parameters, first.save(), second.save());
                progress.print(String.format(
                        Locale.ROOT,
                        "step %d: loss %.7g and %.7g, relative difference %.2g; parameters within %.2g, "
                                + "%.1f s and %.1f s",
                        step + 1,
                        a.loss(),
                        b.loss(),
                        loss,
                        result.parameters(),
                        (middle - start) / 1e9,
                        (end - middle) / 1e9));
                Optional<String> fault = fault(step + 1, a, b, loss, result);
                if (fault.isPresent()) {
                    first.load(before);
                    second.load(before);
                    String op = OpSearch.search(
                            tolerance.tensor(),
                            firstDevice,
                            () -> onFirst.run(v.query(), v.key(), v.permutation(), rate),
                            secondDevice,
                            () -> onSecond.run(v.query(), v.key(), v.permutation(), rate));
                    result = new Result(
                            result.steps(),
                            result.loss(),
                            result.parameters(),
                            result.parameter(),
                            result.others(),
                            result.other(),
                            Optional.of(fault.get() + "; " + op));
                }
            }
        }
        return result;
    }

    private Optional<String> fault(int step, Outcome a, Outcome b, double loss, Result result) {
        if (!(loss <= tolerance.loss())) {
            return Optional.of(String.format(
                    Locale.ROOT,
                    "step %d: the loss is %s and %s, relative difference %.2g, allowed %.2g",
                    step,
                    a.loss(),
                    b.loss(),
                    loss,
                    tolerance.loss()));
        }
        return result.parameters() <= tolerance.tensor()
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "step %d: %s differs by %.2g relative L2, allowed %.2g",
                        step,
                        result.parameter(),
                        result.parameters(),
                        tolerance.tensor()));
    }

    private static Result compare(
            Result earlier,
            double loss,
            Set<String> parameterNames,
            Map<String, ArrayData> a,
            Map<String, ArrayData> b) {
        double parameters = earlier.parameters();
        String parameter = earlier.parameter();
        double others = earlier.others();
        String other = earlier.other();
        for (Map.Entry<String, ArrayData> entry : a.entrySet()) {
            String name = entry.getKey();
            double difference =
                    relativeL2(entry.getValue().toFloatArray(), b.get(name).toFloatArray());
            if (parameterNames.contains(name)) {
                if (!(difference <= parameters)) {
                    parameters = difference;
                    parameter = name;
                }
            } else if (!(difference <= others)) {
                others = difference;
                other = name;
            }
        }
        return new Result(
                earlier.steps() + 1,
                Math.max(earlier.loss(), loss),
                parameters,
                parameter,
                others,
                other,
                Optional.empty());
    }

    /// ‖a − b‖₂ / ‖a‖₂; 0 for equal values, also where a is 0.
    static double relativeL2(float[] a, float[] b) {
        double error = 0;
        double norm = 0;
        for (int i = 0; i < a.length; i++) {
            double e = a[i] == b[i] ? 0 : (double) a[i] - b[i];
            error += e * e;
            norm += (double) a[i] * a[i];
        }
        return error == 0 ? 0 : Math.sqrt(error / norm);
    }
}
