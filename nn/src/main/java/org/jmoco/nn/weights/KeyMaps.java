package org.jmoco.nn.weights;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jmoco.nn.weights.Layout.Rename;

/// All known layouts as data. A new one is a new entry of [#all()].
public final class KeyMaps {
    /// The first convolution of the first block: every ResNet has it, whatever its stem.
    static final String BLOCK = "layer1.0.conv1.weight";

    private static final int LONGEST_STAGE = 36; // of ResNet-152

    /// Our own names for a whole MoCo.
    public static final Layout JMOCO = new Layout(
            "jmoco",
            "jmoco weights, or official MoCo without DistributedDataParallel",
            "encoder_q." + BLOCK,
            List.of(),
            List.of());

    /// torchvision's names: one encoder, with or without `fc`.
    public static final Layout TORCHVISION = new Layout(
            "torchvision", "torchvision's names, as timm and VISSL have them too", BLOCK, List.of(), List.of());

    private static final Layout MOCO = new Layout(
            "moco",
            "official MoCo v1/v2 checkpoint",
            "module.encoder_q." + BLOCK,
            List.of(new Rename("module.", "")),
            List.of());

    private static final Layout MOCO_LINEAR = new Layout(
            "moco-linear",
            "official MoCo linear classifier, or another network inside DistributedDataParallel",
            "module." + BLOCK,
            List.of(new Rename("module.", "")),
            List.of());

    /// The demo's `nn.Sequential`: 0 convolution, 1 batch norm, 3 to 6 stages, 9 linear.
    private static final Layout MOCO_CIFAR = new Layout(
            "moco-cifar",
            "official MoCo CIFAR demo",
            "encoder_q.net.3.0.conv1.weight",
            forBothEncoders(
                    new Rename("net.0.", "conv1."),
                    new Rename("net.1.", "bn1."),
                    new Rename("net.3.", "layer1."),
                    new Rename("net.4.", "layer2."),
                    new Rename("net.5.", "layer3."),
                    new Rename("net.6.", "layer4."),
                    new Rename("net.9.", "fc.")),
            List.of());

    /// `nn.Sequential(backbone, neck)`; the query encoder stands in the file twice, on shared
    /// storages.
    private static final Layout MMSELFSUP_0 = new Layout(
            "mmselfsup-0x",
            "mmselfsup 0.x MoCo checkpoint",
            "encoder_q.0." + BLOCK,
            forBothEncoders(
                    new Rename("1.mlp.0.", "fc.0."),
                    new Rename("1.mlp.2.", "fc.2."),
                    new Rename("1.fc.", "fc."),
                    new Rename("0.", "")),
            List.of("backbone.", "neck."));

    private static final Layout MMSELFSUP_1 = new Layout(
            "mmselfsup-1x",
            "mmselfsup 1.x MoCo checkpoint",
            "encoder_k.module.0." + BLOCK,
            List.of(
                    new Rename("neck.mlp.0.", "encoder_q.fc.0."),
                    new Rename("neck.mlp.2.", "encoder_q.fc.2."),
                    new Rename("neck.fc.", "encoder_q.fc."),
                    new Rename("backbone.", "encoder_q."),
                    new Rename("encoder_k.module.1.mlp.0.", "encoder_k.fc.0."),
                    new Rename("encoder_k.module.1.mlp.2.", "encoder_k.fc.2."),
                    new Rename("encoder_k.module.1.fc.", "encoder_k.fc."),
                    new Rename("encoder_k.module.0.", "encoder_k.")),
            List.of("encoder_k.steps", "data_preprocessor."));

    private static final Layout MMSELFSUP_CLASSIFIER = new Layout(
            "mmselfsup-classifier",
            "the backbone of a larger model, as mmselfsup's classifiers",
            "backbone." + BLOCK,
            List.of(new Rename("head.fc_cls.", "fc."), new Rename("head.", "head."), new Rename("backbone.", "")),
            List.of("data_preprocessor."));

    private static final Layout DETECTRON2 =
            new Layout("detectron2", "detectron2 backbone", "res2.0.conv1.weight", detectron2Renames(), List.of());

    /// `nn.Sequential(*resnet.children())` as Lightly's examples build it: 0 convolution, 1 batch norm, 2 ReLU,
    /// 3 pooling, 4 to 7 stages, 8 average, 9 linear.
    private static final Layout SEQUENTIAL = new Layout(
            "sequential",
            "torchvision's layers in an nn.Sequential, as Lightly has them",
            "7.0.conv1.weight",
            List.of(
                    new Rename("0.", "conv1."),
                    new Rename("1.", "bn1."),
                    new Rename("4.", "layer1."),
                    new Rename("5.", "layer2."),
                    new Rename("6.", "layer3."),
                    new Rename("7.", "layer4."),
                    new Rename("9.", "fc.")),
            List.of());

    /// The same without pooling, as the encoders of MoCo's demo.
    private static final Layout SEQUENTIAL_CIFAR = new Layout(
            "sequential-cifar",
            "a CIFAR network's layers in an nn.Sequential",
            "3.0.conv1.weight",
            List.of(
                    new Rename("0.", "conv1."),
                    new Rename("1.", "bn1."),
                    new Rename("3.", "layer1."),
                    new Rename("4.", "layer2."),
                    new Rename("5.", "layer3."),
                    new Rename("6.", "layer4."),
                    new Rename("9.", "fc.")),
            List.of());

    private static final Layout HUGGING_FACE = new Layout(
            "huggingface",
            "Hugging Face's ResNet",
            "encoder.stages.0.layers.0.layer.0.convolution.weight",
            huggingFaceRenames(),
            List.of());

    // The most specific mark first: a mmselfsup 0.x file also holds backbone.layer1.
    private static final List<Layout> ALL = List.of(
            MOCO,
            MOCO_CIFAR,
            MMSELFSUP_0,
            MMSELFSUP_1,
            MMSELFSUP_CLASSIFIER,
            MOCO_LINEAR,
            JMOCO,
            DETECTRON2,
            HUGGING_FACE,
            SEQUENTIAL,
            SEQUENTIAL_CIFAR,
            TORCHVISION);

    private KeyMaps() {}

    /// Every layout, in the order in which they are tried.
    public static List<Layout> all() {
        return ALL;
    }

    /// @throws IllegalArgumentException naming the known ones
    public static Layout byName(String name) {
        return ALL.stream()
                .filter(l -> l.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown layout \""
                        + name
                        + "\"; known are "
                        + ALL.stream().map(Layout::name).collect(Collectors.joining(", "))));
    }

    private static List<Rename> forBothEncoders(Rename... renames) {
        List<Rename> all = new ArrayList<>();
        for (String encoder : List.of("encoder_q.", "encoder_k.")) {
            for (Rename r : renames) {
                all.add(new Rename(encoder + r.theirs(), encoder + r.ours()));
            }
        }
        return List.copyOf(all);
    }

    /// Stages, blocks and convolutions count from 0; norms are called `normalization`.
    private static List<Rename> huggingFaceRenames() {
        List<Rename> renames = new ArrayList<>();
        for (int stage = 0; stage < 4; stage++) {
            for (int block = 0; block < LONGEST_STAGE; block++) {
                String theirs = "encoder.stages." + stage + ".layers." + block + ".";
                String ours = "layer" + (stage + 1) + "." + block + ".";
                renames.add(new Rename(theirs + "shortcut.convolution.", ours + "downsample.0."));
                renames.add(new Rename(theirs + "shortcut.normalization.", ours + "downsample.1."));
                for (int conv = 0; conv < 3; conv++) {
                    String layer = theirs + "layer." + conv + ".";
                    renames.add(new Rename(layer + "convolution.", ours + "conv" + (conv + 1) + "."));
                    renames.add(new Rename(layer + "normalization.", ours + "bn" + (conv + 1) + "."));
                }
            }
        }
        renames.add(new Rename("embedder.embedder.convolution.", "conv1."));
        renames.add(new Rename("embedder.embedder.normalization.", "bn1."));
        return List.copyOf(renames);
    }

    /// detectron2 counts the stem as stage 1 and keeps a norm inside its convolution.
    private static List<Rename> detectron2Renames() {
        List<Rename> renames = new ArrayList<>();
        for (int stage = 1; stage <= 4; stage++) {
            for (int block = 0; block < LONGEST_STAGE; block++) {
                String theirs = "res" + (stage + 1) + "." + block + ".";
                String ours = "layer" + stage + "." + block + ".";
                renames.add(new Rename(theirs + "shortcut.norm.", ours + "downsample.1."));
                renames.add(new Rename(theirs + "shortcut.", ours + "downsample.0."));
                for (int conv = 1; conv <= 3; conv++) {
                    renames.add(new Rename(theirs + "conv" + conv + ".norm.", ours + "bn" + conv + "."));
                }
            }
            renames.add(new Rename("res" + (stage + 1) + ".", "layer" + stage + "."));
        }
        renames.add(new Rename("stem.conv1.norm.", "bn1."));
        renames.add(new Rename("stem.", ""));
        return List.copyOf(renames);
    }
}
