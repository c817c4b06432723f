package org.jmoco.moco.forecast;

import java.util.Arrays;
import java.util.Optional;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.moco.algorithm.Moco;
import org.jmoco.moco.algorithm.Step;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.moco.pretrain.BatchSource;
import org.jmoco.moco.pretrain.KnnMonitor;
import org.jmoco.moco.pretrain.RunData;
import org.jmoco.moco.pretrain.Timetable;
import org.jmoco.nn.data.source.Selection;
import org.jmoco.tensor.Device;

/// How long the steps of a run take, measured on its own first batches: what loading costs is in it.
///
/// @param step    seconds a step, the median, once the kernels are compiled
/// @param warmUp  seconds that the first steps take longer than that, together
/// @param monitor seconds a look of the nearest-neighbour monitor; 0 if it is off
record TimeForecast(double step, double warmUp, double monitor) {
    /// The monitor's pace is measured on so many batches of images.
    private static final int MONITORED_BATCHES = 2;

    /// How much is tried. After `seconds` each of the two parts ends, as soon as it has two steps.
    ///
    /// @param warmUp steps that the compiler gets   @param steps that are measured   @param seconds for either
    record Trial(int warmUp, int steps, double seconds) {}

    static TimeForecast measure(
            MocoConfig config,
            BatchSource batches,
            Optional<RunData.Labelled> labelled,
            Timetable timetable,
            Device device,
            Trial trial) {
        Moco moco = new Moco(config, batches.pixels());
        Step step = moco.on(device);
        double warm;
        int warmSteps;
        double median;
        try (BatchSource.Batches views = batches.from(0, moco::permutation)) {
            double[] first = steps(step, views, timetable, trial.warmUp(), trial.seconds());
            double[] then = steps(step, views, timetable, trial.steps(), trial.seconds());
            Arrays.sort(then);
            median = then[then.length / 2];
            warm = Arrays.stream(first).sum();
            warmSteps = first.length;
        }
        double looks = labelled.map(l -> look(moco, l, config, device)).orElse(0.0);
        return new TimeForecast(median, Math.max(0, warm - warmSteps * median), looks);
    }

    private static double[] steps(Step step, BatchSource.Batches views, Timetable timetable, int most, double seconds) {
        double[] taken = new double[most];
        long begin = System.nanoTime();
        for (int i = 0; i < most; i++) {
            long start = System.nanoTime();
            if (i >= 2 && (start - begin) / 1e9 > seconds) {
                return Arrays.copyOf(taken, i);
            }
            BatchSource.Views v = views.next();
            step.run(v.query(), v.key(), v.permutation(), timetable.learningRate(0));
            taken[i] = (System.nanoTime() - start) / 1e9;
        }
        return taken;
    }

    /// A look at all images by the pace of a look at a few.
    private static double look(Moco moco, RunData.Labelled all, MocoConfig config, Device device) {
        int few = Math.min(all.queries().size(), MONITORED_BATCHES * KnnMonitor.BATCH);
        int neighbours = Math.min(all.bank().size(), few);
        RunData.Labelled part = new RunData.Labelled(
                Selection.first(all.bank(), few), Selection.first(all.queries(), few), all.plain());
        MocoConfig.Knn k = config.knn();
        MocoConfig less = config.withKnn(k.withK(Math.min(k.k(), neighbours)));
        KnnMonitor monitor = new KnnMonitor(device, Encoder.of(moco.query(), "the trial"), part, less);
        monitor.percent(); // compiles
        long start = System.nanoTime();
        monitor.percent();
        double seconds = (System.nanoTime() - start) / 1e9;
        return seconds
                * (all.bank().size() + all.queries().size())
                / (part.bank().size() + part.queries().size());
    }

    /// Seconds of a whole run.
    double total(Timetable timetable) {
        long looks = monitor == 0 ? 0 : looks(timetable);
        return warmUp + timetable.steps() * step + looks * monitor;
    }

    /// How often the monitor looks.
    static long looks(Timetable timetable) {
        long looks = 0;
        for (long done = 0; done < timetable.steps(); done += timetable.stepsPerEpoch()) {
            looks += timetable.isMonitored(done) ? 1 : 0;
        }
        return looks + (timetable.isMonitored(timetable.steps()) ? 1 : 0);
    }
}
