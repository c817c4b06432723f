package org.jmoco.nn.data.augment;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.jmoco.nn.data.DataException;

/// The pipelines of the papers and of the benchmark suite, by name. The size of the views can be changed; what
/// else differs from a preset is another pipeline.
public enum Preset {
    /// MoCo v1, "same as InstDisc" (official code, without `--aug-plus`).
    MOCO_V1(
            "moco-v1",
            224,
            Normalize.IMAGENET,
            size -> List.of(
                    new RandomResizedCrop(size, new Range(0.2, 1)),
                    new RandomGrayscale(0.2),
                    new ColorJitter(0.4, 0.4, 0.4, 0.4),
                    new RandomHorizontalFlip(0.5))),
    /// MoCo v2, the official code's `--aug-plus`.
    MOCO_V2(
            "moco-v2",
            224,
            Normalize.IMAGENET,
            size -> List.of(
                    new RandomResizedCrop(size, new Range(0.2, 1)),
                    new RandomApply(0.8, new ColorJitter(0.4, 0.4, 0.4, 0.1)),
                    new RandomGrayscale(0.2),
                    new RandomApply(0.5, new GaussianBlur(new Range(0.1, 2.0))),
                    new RandomHorizontalFlip(0.5))),
    /// The official CIFAR-10 demo: crops from 8 % of the area, no blur.
    MOCO_CIFAR(
            "moco-cifar",
            32,
            Normalize.CIFAR,
            size -> List.of(
                    new RandomResizedCrop(size),
                    new RandomHorizontalFlip(0.5),
                    new RandomApply(0.8, new ColorJitter(0.4, 0.4, 0.4, 0.1)),
                    new RandomGrayscale(0.2))),
    /// CIFAR images as they are, for the kNN monitor.
    CIFAR_TEST("cifar-test", 32, Normalize.CIFAR, size -> List.of()),
    /// Training of a linear classifier on ImageNet or iNaturalist.
    LINEAR_TRAIN(
            "linear-train",
            224,
            Normalize.IMAGENET,
            size -> List.of(new RandomResizedCrop(size), new RandomHorizontalFlip(0.5))),
    /// Training of the multi-head linear classifiers on ImageNet.
    MULTI_HEAD_TRAIN(
            "multi-head-train",
            224,
            Normalize.IMAGENET,
            size -> List.of(
                    new RandomResizedCrop(size),
                    new RandomHorizontalFlip(0.5),
                    new ColorJitter(0.4, 0.4, 0.4, 0),
                    new PcaLighting(0.1))),
    /// Training of the multi-head linear classifiers on Places205: no random resizing.
    PLACES_TRAIN(
            "places-train",
            224,
            Normalize.IMAGENET,
            size -> List.of(
                    new Resize(size * 8 / 7),
                    new CenterCrop(size * 8 / 7),
                    new RandomCrop(size),
                    new RandomHorizontalFlip(0.5))),
    /// Validation of all linear classifiers: shorter side 8/7 of the crop (256 for 224), centre crop.
    LINEAR_VAL("linear-val", 224, Normalize.IMAGENET, size -> List.of(new Resize(size * 8 / 7), new CenterCrop(size))),
    /// Features for the VOC07 SVM: shorter side to 256, then squashed to a square, nothing cut off.
    SVM("svm", 224, Normalize.IMAGENET, size -> List.of(new Resize(size * 8 / 7), new ResizeExact(size)));

    private final String key;
    private final int defaultSize;
    private final Normalize normalize;
    private final IntFunction<List<Transform>> transforms;

    Preset(String key, int defaultSize, Normalize normalize, IntFunction<List<Transform>> transforms) {
        this.key = key;
        this.defaultSize = defaultSize;
        this.normalize = normalize;
        this.transforms = transforms;
    }

    /// The preset of a name in a configuration file. Hyphens do not count, `mocov2` is `moco-v2`, and `cifar10` is
    /// another name for `moco-cifar`.
    ///
    /// @throws DataException listing the names, if there is none
    public static Preset of(String key) {
        String plain = key.equals("cifar10") ? MOCO_CIFAR.key : key;
        return Arrays.stream(values())
                .filter(p -> p.key.replace("-", "").equals(plain.replace("-", "")))
                .findFirst()
                .orElseThrow(() -> new DataException("unknown preset '" + key + "'; known: "
                        + Arrays.stream(values()).map(Preset::key).collect(Collectors.joining(", "))));
    }

    /// The name in configuration files.
    public String key() {
        return key;
    }

    /// The pipeline with the published size of views.
    public Pipeline pipeline() {
        return pipeline(defaultSize);
    }

    /// The pipeline for views of `size × size` pixels ([#CIFAR_TEST] leaves images as they are).
    public Pipeline pipeline(int size) {
        Transform.requireSize(size, key);
        return new Pipeline(transforms.apply(size), normalize);
    }
}
