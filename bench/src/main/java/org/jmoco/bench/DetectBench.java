package org.jmoco.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import org.jmoco.eval.detect.DetectBatch;
import org.jmoco.eval.detect.DetectConfig;
import org.jmoco.eval.detect.DetectStep;
import org.jmoco.eval.detect.Detector;
import org.jmoco.eval.detect.DetectorFiles;
import org.jmoco.eval.detect.DetectorNames;
import org.jmoco.eval.detect.Flavour;
import org.jmoco.eval.detect.RpnHead;
import org.jmoco.eval.detect.RpnTargets;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.nn.Arch;
import org.jmoco.nn.Mode;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.nn.data.source.DataSpec;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.ops.norm.BatchGroups;

/// A training step of a detector on a ResNet-50, beside torchvision's: one image of 480×640 pixels with eight
/// objects, 256 anchors, 128 regions, SGD with momentum and weight decay, batch norm with the batch's statistics,
/// nothing frozen. With a feature pyramid torchvision's own Mask R-CNN; with C4, which it does not have, one built
/// of its parts. Both sides cut regions with as many samples as a cell is large, as detectron2's recipes have it, and
/// draw anchors and regions anew in every step.
///
/// Ours is the step that `jmoco detect` takes, with the choice of anchors, which its loader makes ahead there.
record DetectBench(DetectConfig.Detector detector, int classes) implements Benchmark {
    private static final int HEIGHT = 480;
    private static final int WIDTH = 640;
    private static final int REGIONS = 128;
    private static final long SEED = 1;
    private static final float LEARNING_RATE = 1e-4f;
    private static final double MOMENTUM = 0.9;
    private static final double WEIGHT_DECAY = 1e-4;
    private static final String WEIGHTS = "weights.safetensors";
    private static final String SCENE = "scene.safetensors";

    private boolean masks() {
        return detector == DetectConfig.Detector.FPN;
    }

    @Override
    public String title(Settings s) {
        return "training step of "
                + (masks() ? "Mask R-CNN on a feature pyramid" : "Faster R-CNN C4") + " of ResNet-50, batch "
                + s.batchOr(1) + " of " + HEIGHT + "×" + WIDTH + ", " + REGIONS + " regions an image, " + classes
                + " classes";
    }

    @Override
    public List<Row> rows(Settings s) {
        return List.of(new Row("step", "", 0));
    }

    @Override
    public double warmUpSeconds() {
        return 30;
    }

    /// What the region proposal network says of some anchors; the losses by class and the mask loss, of which each
    /// side draws other samples, and positive regions.
    @Override
    public List<Double> tolerances() {
        return List.of(1e-3, 0.05, 0.1);
    }

    @Override
    public String peerName() {
        return "torchvision";
    }

    @Override
    public List<String> peerCommand(Settings s, String variant) {
        return PythonPeer.command(
                "detect_train.py",
                List.of(
                        "--detector",
                        detector.name().toLowerCase(Locale.ROOT),
                        "--weights",
                        s.folder.resolve(WEIGHTS).toString(),
                        "--scene",
                        s.folder.resolve(SCENE).toString(),
                        "--classes",
                        Integer.toString(classes),
                        "--batch",
                        Integer.toString(s.batchOr(1)),
                        "--regions",
                        Integer.toString(REGIONS),
                        "--threads",
                        Integer.toString(s.threads),
                        "--layout",
                        variant));
    }

    private DetectConfig config(int batch) {
        boolean c4 = detector == DetectConfig.Detector.C4;
        return new DetectConfig(
                "bench",
                SEED,
                Flavour.DETECTRON2,
                DataSpec.DEFAULT,
                Encoder.Wanted.ANY,
                new DetectConfig.Model(
                        detector, DetectConfig.Head.TWO_FC, 256, 1024, DetectConfig.Norms.NONE, 1, masks()),
                new DetectConfig.Rpn(
                        List.of(32f, 64f, 128f, 256f, 512f),
                        List.of(0.5f, 1f, 2f),
                        0.3,
                        0.7,
                        256,
                        0.5,
                        c4 ? new DetectConfig.Proposed(12_000, 2000) : new DetectConfig.Proposed(2000, 1000),
                        c4 ? new DetectConfig.Proposed(6000, 1000) : new DetectConfig.Proposed(1000, 1000),
                        0.7),
                new DetectConfig.Regions(0.5, REGIONS, 0.25, c4 ? 14 : 7, 14, 56),
                new DetectConfig.Views(List.of(HEIGHT), WIDTH, 0, 1),
                new DetectConfig.Test(HEIGHT, WIDTH, 0.05, 0.5, 100),
                new DetectConfig.Recipe(batch, batch, 1000, LEARNING_RATE, List.of(), 0, 0, MOMENTUM, WEIGHT_DECAY, 0));
    }

    private Detector network(Settings s) {
        Detector net = Detector.of(ResNet.Config.of(Arch.RESNET50), config(s.batchOr(1)), classes);
        net.initialize(SEED);
        return net;
    }

    @Override
    public void prepare(Settings s, Path folder) {
        DetectorFiles.write(folder.resolve(WEIGHTS), network(s), DetectorNames.TORCHVISION);
        MadeObjects.of(HEIGHT, WIDTH, classes, SEED).write(folder.resolve(SCENE));
    }

    @Override
    public Side ours(Settings s) {
        Detector net = network(s);
        MadeObjects scene = MadeObjects.of(HEIGHT, WIDTH, classes, SEED);
        RpnTargets targets = new RpnTargets(net.config(), net.encoder().stem());
        Device device = Device.jvm(s.threads).memoryMode(s.memory);
        HostTime host = new HostTime(device);
        DetectStep step = new DetectStep(
                net,
                Normalize.IMAGENET,
                net.sgd(),
                (image, object, boxes, box, cells) -> image.masks().get(object).in(boxes, box, cells),
                device);
        return new Side() {
            private int done;

            private SequencedMap<String, Float> step() {
                DetectBatch batch = scene.batch(targets, s.batchOr(1), masks(), SEED, done);
                return step.run(List.of(batch), done++, LEARNING_RATE);
            }

            @Override
            public List<float[]> check(int row) {
                float[] logits = logits(net, scene, device, s.batchOr(1));
                SequencedMap<String, Float> measured = step();
                List<String> compared = new ArrayList<>(List.of("rpnClassLoss", "classLoss"));
                if (masks()) {
                    compared.add("maskLoss");
                }
                float[] losses = new float[compared.size()];
                for (int i = 0; i < losses.length; i++) {
                    losses[i] = measured.get(compared.get(i));
                }
                return List.of(logits, losses, new float[] {measured.get(DetectStep.POSITIVE_REGIONS)});
            }

            @Override
            public void run(int row) {
                host.during(this::step);
            }

            @Override
            public String remark() {
                return host.remark();
            }
        };
    }

    /// What the region proposal network says of some anchors in training mode, before anything is learnt.
    private static float[] logits(Detector net, MadeObjects scene, Device device, int n) {
        Mode passing = new Mode.Train(BatchGroups.WHOLE, false);
        Program program = Program.trace("proposals", p -> {
            Tensor bytes = p.input("images", Shape.of(n, HEIGHT, WIDTH, 3), DType.U8);
            List<RpnHead.Scores> scores = net.proposals(net.maps(normalized(bytes), passing), passing);
            Tensor[] rows =
                    scores.stream().map(level -> level.logits().reshape(-1, 1)).toArray(Tensor[]::new);
            p.output("logits", rows.length == 1 ? rows[0] : Tensor.concat(0, rows));
        });
        byte[] images = new byte[n * scene.pixels().length];
        for (int i = 0; i < n; i++) {
            System.arraycopy(scene.pixels(), 0, images, i * scene.pixels().length, scene.pixels().length);
        }
        try (Compiled compiled = device.compile(program)) {
            return Data.sample(compiled.feed("images", images).run().floats("logits"));
        }
    }

    private static Tensor normalized(Tensor bytes) {
        return bytes.normalizeImage(floats(Normalize.IMAGENET.mean()), floats(Normalize.IMAGENET.std()));
    }

    private static float[] floats(List<Double> values) {
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i).floatValue();
        }
        return floats;
    }

    @Override
    public Side peer(Settings s, String variant) {
        throw new IllegalStateException("the peer is a Python program");
    }
}
