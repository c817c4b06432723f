package org.jmoco.moco.config;

import java.util.List;
import org.jmoco.nn.Arch;
import org.jmoco.nn.Stem;
import org.jmoco.nn.data.augment.Pipeline;
import org.jmoco.nn.data.source.DataSpec;
import org.jmoco.nn.data.source.Kind;
import org.jmoco.tensor.Precision;
import org.jmoco.tensor.plan.MemoryMode;

/// Everything that decides a pre-training run. The defaults are MoCo v2 on ImageNet for 200 epochs (arXiv
/// 2003.04297), in the words of its papers.
///
/// @param name       what the run is called
/// @param seed       every random choice follows from it: weights, order, augmentation, shuffles, the queue's beginning
/// @param data       the images
/// @param views      how an image becomes a query and a key: a preset's name (`moco-v1`, `moco-v2`,
///     `moco-cifar`), `{preset: moco-v2, size: 32}`, or `{transforms: […], normalize: {…}}`
/// @param model      the encoder
/// @param contrast   the contrastive loss, the queue and the key encoder
/// @param batch      images a step, over all ranks
/// @param ranks      how many processes of batch/ranks images the step computes: statistics of batch norm are
///     taken a rank, as on as many GPUs
/// @param ranksAtOnce how many ranks are computed together; fewer need less memory and give the same bits
/// @param memory     whether values are computed again to need less memory: where the step would not fit
///     (`auto`), or up to a tenth of its work (`least`); the bits are the same
/// @param precision  of the operands of the encoders' products, forward and backward: `float32`; `bf16`, bfloat16;
///     or `bf16x3`, three products of bfloat16 that come near float32. All else is float32
/// @param bn         batch norm within a rank
/// @param optimizer  SGD
/// @param schedule   length of the run and the learning rate over it
/// @param knn        the nearest-neighbour monitor
/// @param checkpoint when the run is saved
public record MocoConfig(
        String name,
        long seed,
        DataSpec data,
        ConfigTree views,
        Model model,
        Contrast contrast,
        int batch,
        int ranks,
        int ranksAtOnce,
        MemoryMode memory,
        Precision precision,
        Bn bn,
        Optimizer optimizer,
        Schedule schedule,
        Knn knn,
        Checkpoint checkpoint) {

    public MocoConfig {
        require(batch >= 1, "batch must be at least 1, got " + batch);
        require(
                data.path().isPresent() || data.kind().orElse(Kind.SAMPLE) == Kind.SAMPLE,
                "data.path is missing: data.kind "
                        + data.kind().map(Binder::name).orElse("") + " needs a file or folder");
        require(ranks >= 1 && batch % ranks == 0, "ranks must divide the batch: batch " + batch + ", ranks " + ranks);
        require(
                ranksAtOnce >= 1 && ranks % ranksAtOnce == 0,
                "ranks-at-once must divide ranks: ranks " + ranks + ", ranks-at-once " + ranksAtOnce);
        require(
                (batch / ranks) % bn.splits() == 0,
                "bn.splits must divide the batch of a rank: " + batch / ranks + " images, bn.splits " + bn.splits());
        ViewPipelines.of(views);
        int pushed = contrast.symmetric() ? 2 * batch : batch;
        require(
                contrast.queue() % pushed == 0,
                "contrast.queue " + contrast.queue() + " is not a multiple of the " + pushed
                        + " keys enqueued a step; use " + Math.max(pushed, contrast.queue() / pushed * pushed) + " or "
                        + (contrast.queue() / pushed + 1) * pushed);
    }

    /// The augmentation that [#views] describes.
    public Pipeline pipeline() {
        return ViewPipelines.of(views);
    }

    /// This configuration with another batch, and as many negatives as go with it.
    public MocoConfig withBatch(int images) {
        int pushed = contrast.symmetric() ? 2 * images : images;
        Contrast adapted = new Contrast(
                contrast.temperature(),
                Math.max(pushed, contrast.queue() / pushed * pushed),
                contrast.momentum(),
                contrast.symmetric());
        return new MocoConfig(
                name,
                seed,
                data,
                views,
                model,
                adapted,
                images,
                ranks,
                ranksAtOnce,
                memory,
                precision,
                bn,
                optimizer,
                schedule,
                knn,
                checkpoint);
    }

    /// What one of several processes that share the ranks out computes by itself, as a configuration: its ranks, as
    /// many images on each, without looks of the monitor.
    ///
    /// @param processes must divide the ranks
    public MocoConfig share(int processes) {
        int each = ranks / processes;
        int together = Math.min(ranksAtOnce, each);
        while (each % together != 0) {
            together--;
        }
        return new MocoConfig(
                name,
                seed,
                data,
                views,
                model,
                contrast,
                batch / processes,
                each,
                together,
                memory,
                precision,
                bn,
                optimizer,
                schedule,
                knn.withEvery(0),
                checkpoint);
    }

    /// This configuration with another monitor.
    public MocoConfig withKnn(Knn monitor) {
        return new MocoConfig(
                name,
                seed,
                data,
                views,
                model,
                contrast,
                batch,
                ranks,
                ranksAtOnce,
                memory,
                precision,
                bn,
                optimizer,
                schedule,
                monitor,
                checkpoint);
    }

    /// The encoder.
    ///
    /// @param arch  depth
    /// @param stem  7×7 with max pooling, 3×3 for small images, or three 3×3 with max pooling
    /// @param width channels of the first stage; 64 is the network of the papers
    /// @param head  what follows the pooled features in pre-training
    /// @param dim   size of the contrastive features
    public record Model(Arch arch, Stem stem, int width, Head head, int dim) {
        public enum Head {
            /// One linear layer: MoCo v1.
            LINEAR,
            /// Linear, ReLU, linear: MoCo v2.
            MLP,
            /// Linear, batch norm, ReLU, linear: SimCLR.
            MLP_BN
        }

        public Model {
            require(width >= 1, "model.width must be at least 1, got " + width);
            require(dim >= 1, "model.dim must be at least 1, got " + dim);
        }
    }

    /// The contrastive task.
    ///
    /// @param temperature τ of the softmax, above 0
    /// @param queue       K, negatives kept
    /// @param momentum    m of the key encoder, in `[0, 1)`
    /// @param symmetric   whether both views serve as query and as key, and both losses are added
    public record Contrast(float temperature, int queue, double momentum, boolean symmetric) {
        public Contrast {
            require(
                    temperature > 0 && Float.isFinite(temperature),
                    "contrast.temperature must be above 0, got " + temperature);
            require(queue >= 1, "contrast.queue must be at least 1, got " + queue);
            require(momentum >= 0 && momentum < 1, "contrast.momentum must be in [0, 1), got " + momentum);
        }
    }

    /// Batch norm within a rank.
    ///
    /// @param splits sample n takes the statistics of group n mod splits: SplitBatchNorm of the CIFAR-10 demo
    public record Bn(int splits) {
        public Bn {
            require(splits >= 1, "bn.splits must be at least 1, got " + splits);
        }
    }

    /// SGD as PyTorch defines it.
    public record Optimizer(float lr, float momentum, float weightDecay, boolean nesterov) {
        public Optimizer {
            require(lr >= 0 && Float.isFinite(lr), "optimizer.lr must not be negative, got " + lr);
            require(momentum >= 0 && momentum < 1, "optimizer.momentum must be in [0, 1), got " + momentum);
            require(
                    weightDecay >= 0 && Float.isFinite(weightDecay),
                    "optimizer.weight-decay must not be negative, got " + weightDecay);
            require(!nesterov || momentum > 0, "optimizer.nesterov needs an optimizer.momentum above 0");
        }
    }

    /// How long and at which learning rate.
    ///
    /// @param kind       shape over the epochs
    /// @param epochs     length of the run
    /// @param steps      stop after so many steps; 0 to run all epochs
    /// @param milestones epochs, counted from 0, at which `steps` multiplies by `gamma`
    /// @param gamma      the factor
    /// @param countFromOne the first epoch is 1, as in the CIFAR-10 demo, whose last epoch then has learning rate 0
    public record Schedule(
            Kind kind, int epochs, int steps, List<Integer> milestones, float gamma, boolean countFromOne) {
        public enum Kind {
            CONSTANT,
            STEPS,
            COSINE
        }

        public Schedule {
            require(epochs >= 1, "schedule.epochs must be at least 1, got " + epochs);
            require(steps >= 0, "schedule.steps must not be negative, got " + steps);
            milestones = List.copyOf(milestones);
            for (int i = 1; i < milestones.size(); i++) {
                require(
                        milestones.get(i) > milestones.get(i - 1),
                        "schedule.milestones must increase, got " + milestones);
            }
            require(gamma >= 0 && Float.isFinite(gamma), "schedule.gamma must not be negative, got " + gamma);
        }
    }

    /// The nearest-neighbour monitor: a weighted vote of the k nearest training images.
    ///
    /// @param every       epochs between two evaluations; 0 for none
    /// @param k           neighbours
    /// @param temperature weight of a neighbour is exp(similarity / temperature)
    /// @param tap         which features
    /// @param size        side of the square in which it sees images, in pixels; 0 for that of a view of training
    public record Knn(int every, int k, float temperature, Tap tap, int size) {
        public enum Tap {
            /// The contrastive features.
            HEAD,
            /// The pooled features under the head.
            AVGPOOL
        }

        public Knn {
            require(every >= 0, "knn.every must not be negative, got " + every);
            require(k >= 1, "knn.k must be at least 1, got " + k);
            require(temperature > 0, "knn.temperature must be above 0, got " + temperature);
            require(size >= 0, "knn.size must not be negative, got " + size);
        }

        /// The same monitor, looking every so many epochs.
        public Knn withEvery(int epochs) {
            return new Knn(epochs, k, temperature, tap, size);
        }

        /// The same monitor with so many neighbours.
        public Knn withK(int neighbours) {
            return new Knn(every, neighbours, temperature, tap, size);
        }
    }

    /// When the run is saved.
    ///
    /// @param everySteps  steps between two checkpoints; 0 to save at the end of epochs
    /// @param everyEpochs epochs between two checkpoints
    /// @param keep        how many are kept
    public record Checkpoint(int everySteps, int everyEpochs, int keep) {
        public Checkpoint {
            require(everySteps >= 0, "checkpoint.every-steps must not be negative, got " + everySteps);
            require(everyEpochs >= 1, "checkpoint.every-epochs must be at least 1, got " + everyEpochs);
            require(keep >= 1, "checkpoint.keep must be at least 1, got " + keep);
        }
    }

    /// MoCo v2 as published.
    public static MocoConfig defaults() {
        return new MocoConfig(
                "mocov2",
                0,
                DataSpec.DEFAULT,
                new ConfigTree.Scalar("moco-v2", false, "default"),
                new Model(Arch.RESNET50, Stem.IMAGENET, 64, Model.Head.MLP, 128),
                new Contrast(0.2f, 65_536, 0.999, false),
                256,
                1,
                1,
                MemoryMode.AUTO,
                Precision.FLOAT32,
                new Bn(1),
                new Optimizer(0.03f, 0.9f, 1e-4f, false),
                new Schedule(Schedule.Kind.COSINE, 200, 0, List.of(), 0.1f, false),
                new Knn(1, 200, 0.1f, Knn.Tap.AVGPOOL, 0),
                new Checkpoint(0, 1, 3));
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
