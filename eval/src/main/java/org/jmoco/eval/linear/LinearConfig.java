package org.jmoco.eval.linear;

import java.util.List;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.extract.Tap;
import org.jmoco.nn.data.augment.Pipeline;
import org.jmoco.nn.data.augment.Preset;
import org.jmoco.nn.data.source.DataSpec;

/// Everything that decides a linear evaluation. The defaults are MoCo's protocol on ImageNet (`main_lincls.py`,
/// and mmselfsup's `resnet50_linear-8xb32-steplr-100e_in1k`): pooled features, learning rate 30, no weight decay.
///
/// @param name    of the protocol, which results carry
/// @param seed    of the classifiers' first weights, the order of images and their augmentation
/// @param encoder what network the weights must be of
/// @param taps    where the classifiers sit, one on each: `[avgpool]`, or `[feature1, …, feature5]` for the
///     multi-head protocol
/// @param pooling of feature1 … feature5
/// @param views   how images are prepared
/// @param cache   whether features are computed once and kept on the disk
public record LinearConfig(
        String name,
        long seed,
        DataSpec data,
        Encoder.Wanted encoder,
        List<Tap.Stage> taps,
        Tap.Pooling pooling,
        Views views,
        Recipe recipe,
        Cache cache) {

    /// How images are prepared.
    public record Views(Pipeline train, Pipeline test) {}

    /// Whether features are computed once.
    public enum Cache {
        /// If the training views are the same in every epoch.
        AUTO,
        /// Always: of random views, those of the first epoch serve in all of them, which is another protocol.
        ON,
        /// Never.
        OFF
    }

    public LinearConfig {
        taps = List.copyOf(taps);
        if (taps.isEmpty() || taps.stream().distinct().count() != taps.size()) {
            throw new IllegalArgumentException("taps must name one or more different places, got " + taps);
        }
    }

    /// The taps with their pooling.
    public List<Tap> pooledTaps() {
        return taps.stream().map(stage -> new Tap(stage, pooling)).toList();
    }

    /// Whether features are kept on the disk.
    public boolean stores() {
        return switch (cache) {
            case ON -> true;
            case OFF -> false;
            case AUTO -> FeatureCache.isFixed(views.train());
        };
    }

    /// MoCo's protocol as published.
    public static LinearConfig defaults() {
        return new LinearConfig(
                "linear",
                0,
                DataSpec.DEFAULT,
                Encoder.Wanted.ANY,
                List.of(Tap.Stage.AVGPOOL),
                Tap.Pooling.SPECIFIED,
                new Views(Preset.LINEAR_TRAIN.pipeline(), Preset.LINEAR_VAL.pipeline()),
                new Recipe(256, 8, 30, 0.9, false, 0, 100, List.of(60, 80), 0.1, 1, Recipe.Report.BEST),
                Cache.AUTO);
    }

    /// The same with other images.
    public LinearConfig withData(DataSpec other) {
        return new LinearConfig(name, seed, other, encoder, taps, pooling, views, recipe, cache);
    }

    /// The same with another seed.
    public LinearConfig withSeed(long other) {
        return new LinearConfig(name, other, data, encoder, taps, pooling, views, recipe, cache);
    }
}
