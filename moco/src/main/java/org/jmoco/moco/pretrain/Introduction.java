package org.jmoco.moco.pretrain;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jmoco.moco.config.MocoConfig;

/// What is worth knowing before the first step.
public final class Introduction {
    private static final int REFERENCE_BATCH = 256;

    private Introduction() {}

    /// Lines for people: the run's length, the learning rate by the linear scaling rule, a precision that is not
    /// float32, how long a key stays in the queue, and what looks like a mistake.
    public static List<String> lines(MocoConfig config, BatchSource batches, Timetable timetable, boolean images) {
        List<String> lines = new ArrayList<>();
        lines.add(format(
                "%,d %s, %,d steps an epoch, %d epochs, %,d steps in all",
                batches.size(),
                images ? "images" : "batches of views",
                timetable.stepsPerEpoch(),
                timetable.epochs(),
                timetable.steps()));
        float rate = config.optimizer().lr();
        int batch = config.batch();
        if (batch != REFERENCE_BATCH) {
            lines.add(format(
                    "learning rate %.4g for batches of %d is by the linear scaling rule %.4g for %d; MoCo's "
                            + "0.03 for %d would be %.4g here",
                    rate,
                    batch,
                    rate * REFERENCE_BATCH / batch,
                    REFERENCE_BATCH,
                    REFERENCE_BATCH,
                    0.03 * batch / REFERENCE_BATCH));
        }
        switch (config.precision()) {
            case FLOAT32 -> {}
            case BF16 -> lines.add("precision bf16: the encoders' products take operands rounded to bfloat16");
            case BF16X3 -> lines.add("precision bf16x3: each of the encoders' products is three of bfloat16");
        }
        int queue = config.contrast().queue();
        int pushed = config.contrast().symmetric() ? 2 * batch : batch;
        lines.add(format(
                "a key stays in the queue for %,d steps, %.2f epochs",
                queue / pushed, (double) queue / pushed / timetable.stepsPerEpoch()));
        if (images && queue > batches.size()) {
            lines.add(format(
                    "warning: the queue of %,d keys is larger than the data set of %,d images, so older "
                            + "keys of an image are negatives of its own queries",
                    queue, batches.size()));
        }
        return lines;
    }

    /// A line about what is computed again, if that is a hundredth or more.
    ///
    /// @param share of the step's work
    public static Optional<String> repeated(double share) {
        return share >= 0.01
                ? Optional.of(format(
                        "to need less memory %.1f %% of a step's work is done again; the numbers are the same",
                        100 * share))
                : Optional.empty();
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
