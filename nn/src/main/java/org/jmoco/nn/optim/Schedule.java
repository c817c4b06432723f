package org.jmoco.nn.optim;

import java.util.List;

/// The learning rate over time: a function of the epoch and the iteration, both counted from 0, so a resumed run
/// needs no state of it.
///
/// Rates are computed in float64; the program is fed the nearest float.
public sealed interface Schedule {
    /// The learning rate.
    ///
    /// @param epoch     the epoch that the step belongs to
    /// @param iteration steps done before, over all epochs
    double at(int epoch, long iteration);

    /// The learning rate of a larger or smaller batch by the linear scaling rule (Goyal et al. 2017): proportional
    /// to the batch.
    ///
    /// @param rate  what suits a batch of `reference` samples
    /// @param batch samples a step
    static double scaled(double rate, int reference, int batch) {
        if (reference < 1 || batch < 1) {
            throw new IllegalArgumentException(
                    "linear scaling: batch sizes must be at least 1, got " + reference + " and " + batch);
        }
        return rate * batch / reference;
    }

    /// What milestones and lengths count.
    enum Unit {
        EPOCHS,
        ITERATIONS
    }

    /// The same rate always.
    record Constant(double rate) implements Schedule {
        public Constant {
            requireRate("constant", rate);
        }

        @Override
        public double at(int epoch, long iteration) {
            return rate;
        }
    }

    /// `rate · gammaᵏ`, k being how many milestones are reached: milestone 120 takes effect in epoch 120, counted
    /// from 0.
    record Steps(double rate, double gamma, Unit unit, List<Integer> milestones) implements Schedule {
        public Steps {
            requireRate("step", rate);
            milestones = List.copyOf(milestones);
            for (int i = 1; i < milestones.size(); i++) {
                if (milestones.get(i) <= milestones.get(i - 1)) {
                    throw new IllegalArgumentException("step schedule: milestones must increase, got " + milestones);
                }
            }
        }

        /// The usual form: a tenth at each of these epochs.
        public Steps(double rate, Integer... epochs) {
            this(rate, 0.1, Unit.EPOCHS, List.of(epochs));
        }

        @Override
        public double at(int epoch, long iteration) {
            long now = unit == Unit.EPOCHS ? epoch : iteration;
            double current = rate;
            for (int milestone : milestones) {
                if (now >= milestone) {
                    current *= gamma;
                }
            }
            return current;
        }
    }

    /// Half a cosine, constant inside an epoch, without restarts: `rate · (1 + cos(π·e/epochs)) / 2` (Loshchilov
    /// and Hutter 2017).
    ///
    /// @param first e of the first epoch: 0 as MoCo v2 counts, which never reaches 0; 1 as its CIFAR-10 demo
    ///     counts, whose last epoch has rate 0
    record Cosine(double rate, int epochs, int first) implements Schedule {
        public Cosine {
            requireRate("cosine", rate);
            requireLength("cosine", epochs);
            if (first != 0 && first != 1) {
                throw new IllegalArgumentException("cosine schedule: the first epoch counts as 0 or 1, got " + first);
            }
        }

        /// Epochs counted from 0.
        public Cosine(double rate, int epochs) {
            this(rate, epochs, 0);
        }

        @Override
        public double at(int epoch, long iteration) {
            return rate * 0.5 * (1 + StrictMath.cos(StrictMath.PI * Math.min(epoch + first, epochs) / epochs));
        }
    }

    /// Falls each iteration: `(rate − minimum) · (1 − iteration/iterations)^power + minimum`; segmentation's
    /// schedule.
    record Poly(double rate, long iterations, double power, double minimum) implements Schedule {
        public Poly {
            requireRate("poly", rate);
            requireRate("poly", minimum);
            requireLength("poly", iterations);
        }

        @Override
        public double at(int epoch, long iteration) {
            double left = 1 - (double) Math.min(iteration, iterations) / iterations;
            return (rate - minimum) * StrictMath.pow(left, power) + minimum;
        }
    }

    /// Rises linearly from `ratio` of another schedule's rate to all of it over the first iterations.
    record WarmUp(long iterations, double ratio, Schedule then) implements Schedule {
        public WarmUp {
            requireLength("warm-up", iterations);
            if (!(ratio >= 0 && ratio <= 1)) {
                throw new IllegalArgumentException(
                        "warm-up schedule: the first ratio must lie in [0, 1], got " + ratio);
            }
        }

        @Override
        public double at(int epoch, long iteration) {
            double rate = then.at(epoch, iteration);
            return iteration >= iterations ? rate : rate * (1 - (1 - (double) iteration / iterations) * (1 - ratio));
        }
    }

    private static void requireRate(String schedule, double rate) {
        if (!(rate >= 0 && rate < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    schedule + " schedule: a learning rate must be a number of at least 0, got " + rate);
        }
    }

    private static void requireLength(String schedule, long length) {
        if (length < 1) {
            throw new IllegalArgumentException(schedule + " schedule: the length must be at least 1, got " + length);
        }
    }
}
