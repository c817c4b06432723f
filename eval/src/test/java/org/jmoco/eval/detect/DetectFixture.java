package org.jmoco.eval.detect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jmoco.eval.boxes.Boxes;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.nn.Arch;
import org.jmoco.nn.EngineOrder;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.StateDict;
import org.jmoco.nn.Stem;
import org.jmoco.nn.data.source.DataSpec;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.SafeTensors;

/// What `make_detect.py` made: a thin network, two images, and what a step learns from.
///
/// @param file  of the arrays   @param config the same network and numbers here
/// @param encoder what it is built on
record DetectFixture(SafeTensors file, DetectConfig config, ResNet.Config encoder) {
    static final int CLASSES = 3;
    static final int IMAGES = 2;

    /// The flavours by whose rules networks are trained.
    static final List<Flavour> TRAINED =
            Arrays.stream(Flavour.values()).filter(Flavour::trains).toList();

    /// The thin ones.
    static DetectFixture of(SafeTensors file, DetectConfig.Detector detector, Flavour flavour) {
        return new DetectFixture(
                file,
                thin(detector, flavour, new DetectConfig.Recipe(2, 2, 10, 0.01, List.of(), 0, 0, 0.9, 1e-4, 0)),
                ResNet.Config.of(Arch.RESNET18).width(2));
    }

    /// A detector on ResNet-18 of width 2.
    static DetectConfig thin(DetectConfig.Detector detector, Flavour flavour, DetectConfig.Recipe recipe) {
        boolean c4 = detector == DetectConfig.Detector.C4;
        boolean norm = flavour == Flavour.MMDET;
        DetectConfig.Proposed proposed = new DetectConfig.Proposed(150, 60);
        return new DetectConfig(
                "thin",
                7,
                flavour,
                DataSpec.DEFAULT,
                new Encoder.Wanted(Optional.of(Arch.RESNET18), Optional.of(Stem.IMAGENET), Optional.of(2)),
                new DetectConfig.Model(
                        detector,
                        norm ? DetectConfig.Head.FOUR_CONV_ONE_FC : DetectConfig.Head.TWO_FC,
                        4,
                        8,
                        norm ? DetectConfig.Norms.ALL : DetectConfig.Norms.NONE,
                        1,
                        !c4),
                new DetectConfig.Rpn(
                        c4 ? List.of(16f, 32f, 64f) : List.of(8f, 16f, 32f, 64f, 128f),
                        List.of(0.5f, 1f, 2f),
                        0.3,
                        0.7,
                        32,
                        0.5,
                        proposed,
                        proposed,
                        0.7),
                new DetectConfig.Regions(0.5, 16, 0.25, c4 ? 6 : 3, 4, 6),
                new DetectConfig.Views(List.of(64), 96, 0.5, 1),
                new DetectConfig.Test(64, 96, 0.05, 0.5, 10),
                recipe);
    }

    /// The network with the weights of the file.
    Detector net() {
        Detector net = Detector.of(encoder, config, CLASSES);
        Map<String, ArrayData> start = new LinkedHashMap<>();
        file.arrays().forEach((name, array) -> {
            if (name.startsWith("start.")) {
                start.put(name.substring("start.".length()), array);
            }
        });
        StateDict.load(net, start); // mmdet's names, all of them and no others
        return net;
    }

    int height() {
        return (int) file.get("images").dim(1);
    }

    int width() {
        return (int) file.get("images").dim(2);
    }

    int[] extents() {
        return file.get("extents").toIntArray();
    }

    byte[] pixels() {
        return bytes(file.get("images"));
    }

    DetectBatch batch() {
        List<DetectBatch.Image> images = new ArrayList<>();
        for (int i = 0; i < IMAGES; i++) {
            RoiTargets t = targets(i);
            int[] positives = new int[t.positives()];
            int[] classes = new int[positives.length];
            for (int k = 0; k < positives.length; k++) {
                positives[k] = k;
                classes[k] = t.classes()[k];
            }
            float[] deltas = file.get("anchorDeltas" + i).toFloatArray();
            images.add(new DetectBatch.Image(
                    i,
                    extents()[2 * i],
                    extents()[2 * i + 1],
                    t.boxes().select(positives),
                    classes,
                    List.of(),
                    new DetectBatch.AnchorSample(file.get("anchors" + i).toIntArray(), deltas.length / 4, deltas)));
        }
        return new DetectBatch(height(), width(), pixels(), images);
    }

    RoiTargets targets(int i) {
        float[] deltas = file.get("boxDeltas" + i).toFloatArray();
        int[] objects = new int[deltas.length / 4];
        byte[] all = bytes(file.get("masks" + i));
        List<byte[]> masks = new ArrayList<>();
        for (int k = 0; k < objects.length; k++) {
            objects[k] = k;
            int cells = all.length / objects.length;
            masks.add(Arrays.copyOfRange(all, k * cells, (k + 1) * cells));
        }
        return new RoiTargets(
                Boxes.of(file.get("boxes" + i).toFloatArray()),
                file.get("classes" + i).toIntArray(),
                objects,
                deltas,
                masks);
    }

    /// A stored value in this project's layout.
    double[] expected(String name) {
        return EngineOrder.toEngine(Map.of(name, file.get(name))).get(name).toDoubleArray();
    }

    private static byte[] bytes(ArrayData array) {
        int[] values = array.toIntArray();
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
