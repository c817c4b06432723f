package org.jmoco.eval.semi;

import java.util.List;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.linear.LinearConfig;
import org.jmoco.eval.linear.Recipe;
import org.jmoco.nn.data.augment.Preset;
import org.jmoco.nn.data.source.DataSpec;

/// Everything that decides a semi-supervised evaluation: fine-tuning of the whole network on a few labelled
/// images, once for each cell of a grid of learning rates. The defaults are mmselfsup's on 1 % of ImageNet.
///
/// @param name    of the protocol, with `_head_` and `steplr-` in it; a cell is called `…_head100_…steplr1e-2-…`
/// @param seed    of the heads' first weights, the subset, the order of images and their augmentation
/// @param data    its training part is the labelled subset, or what `fraction` is taken of
/// @param fraction of every class of the training images; 1 for all of them
/// @param encoder what network the weights must be of
/// @param views   how images are prepared
/// @param grid    the learning rates
/// @param recipe  what is the same in all cells
public record SemiConfig(
        String name,
        long seed,
        DataSpec data,
        double fraction,
        Encoder.Wanted encoder,
        LinearConfig.Views views,
        Grid grid,
        Tuning recipe) {

    /// Learning rates, each tried with each multiplier.
    ///
    /// @param lr   of the backbone
    /// @param head how many times that of the backbone the head's is
    public record Grid(List<Double> lr, List<Double> head) {
        public Grid {
            lr = List.copyOf(lr);
            head = List.copyOf(head);
            if (lr.isEmpty()
                    || head.isEmpty()
                    || lr.stream().anyMatch(v -> !(v > 0))
                    || head.stream().anyMatch(v -> !(v > 0))) {
                throw new IllegalArgumentException(
                        "grid.lr and grid.head need one or more numbers above 0 each, got " + lr + " and " + head);
            }
        }
    }

    /// What is the same in all cells; as in [Recipe].
    public record Tuning(
            int batch,
            int ranks,
            double momentum,
            double weightDecay,
            int epochs,
            List<Integer> milestones,
            double gamma,
            int evaluateEvery) {
        public Tuning {
            Recipe checked = new Recipe(
                    batch,
                    ranks,
                    0.1,
                    momentum,
                    false,
                    weightDecay,
                    epochs,
                    milestones,
                    gamma,
                    evaluateEvery,
                    Recipe.Report.LAST);
            milestones = checked.milestones();
        }

        Recipe at(double lr) {
            return new Recipe(
                    batch,
                    ranks,
                    lr,
                    momentum,
                    false,
                    weightDecay,
                    epochs,
                    milestones,
                    gamma,
                    evaluateEvery,
                    Recipe.Report.LAST);
        }
    }

    public SemiConfig {
        if (!(fraction > 0 && fraction <= 1)) {
            throw new IllegalArgumentException("fraction must be in (0, 1], got " + fraction);
        }
    }

    /// mmselfsup's on 1 % of ImageNet.
    public static SemiConfig defaults() {
        return new SemiConfig(
                "semi_head_steplr-",
                0,
                DataSpec.DEFAULT,
                1,
                Encoder.Wanted.ANY,
                new LinearConfig.Views(Preset.LINEAR_TRAIN.pipeline(), Preset.LINEAR_VAL.pipeline()),
                new Grid(List.of(1e-3, 1e-2, 1e-1), List.of(1.0, 10.0, 100.0)),
                new Tuning(256, 4, 0.9, 5e-4, 20, List.of(12, 16), 0.2, 10));
    }

    /// The same with other images.
    public SemiConfig withData(DataSpec other) {
        return new SemiConfig(name, seed, other, fraction, encoder, views, grid, recipe);
    }

    /// A cell's name in the model zoo: `resnet50_head100_4xb64-steplr1e-2-20e_in1k-1pct`.
    public String cell(double lr, double head) {
        return name.replace("_head_", "_head" + number(head) + "_").replace("steplr-", "steplr" + number(lr) + "-");
    }

    /// `0.01` → `1e-2`, `100` → `100`.
    static String number(double value) {
        for (int exponent = 1; exponent < 10; exponent++) {
            double mantissa = value * Math.pow(10, exponent);
            if (value < 1 && Math.abs(mantissa - Math.rint(mantissa)) < 1e-9 && mantissa < 10) {
                return Math.round(mantissa) + "e-" + exponent;
            }
        }
        return value == Math.rint(value) ? Long.toString(Math.round(value)) : Double.toString(value);
    }
}
