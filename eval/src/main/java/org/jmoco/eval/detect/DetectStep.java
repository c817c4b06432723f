package org.jmoco.eval.detect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.IntStream;
import org.jmoco.eval.boxes.Boxes;
import org.jmoco.eval.boxes.Sampler;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.nn.optim.GradientSum;
import org.jmoco.nn.optim.Sgd;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Program;

/// A training step on images of any size: for each part of the batch a program that proposes regions, pauses for the
/// host's choice of those to learn from, and learns; then one step of the optimiser. Programs are made when a size
/// is first met, and the last few are kept.
///
/// What is drawn depends on seed, step and image, so the numbers are those of any other run. Not for use by two
/// threads at once.
public final class DetectStep implements AutoCloseable {
    /// The share of the anchors drawn that hold an object.
    public static final String POSITIVE_ANCHORS = "positiveAnchors";
    /// The share of the regions drawn that show an object.
    public static final String POSITIVE_REGIONS = "positiveRegions";

    /// The share of the regions drawn which show an object that are taken for its class rather than for that of another
    /// object; background does not count.
    public static final String NAMED_REGIONS = "namedRegions";

    /// Tracing and planning take less than a tenth of a second; what a program is fed and gives, tens of MiB.
    private static final int KEPT = 16;

    private final Detector net;
    private final DetectPrograms programs;
    private final Sgd sgd;
    private final GradientSum sum;
    private final long seed;
    private final RoiTargets.MaskRule masks;
    private final Device device;
    private final Compiled finish;
    private final Set<String> scores;
    private final SequencedMap<Key, Compiled> ready = new LinkedHashMap<>(KEPT, 0.75f, true);

    /// What a program is for.
    ///
    /// @param images of the part   @param height,width of them with padding
    private record Key(Role role, int images, int height, int width) {}

    /// Of a part: it is the whole batch, its first part, a further one, or computed without learning.
    private enum Role {
        WHOLE,
        FIRST,
        NEXT,
        FORWARD
    }

    /// @param normalize what the encoder wants of bytes
    /// @param sgd       of the network, see [Detector#sgd]
    /// @param masks     how masks to learn are made
    public DetectStep(Detector net, Normalize normalize, Sgd sgd, RoiTargets.MaskRule masks, Device device) {
        this.net = net;
        this.sgd = sgd;
        this.masks = masks;
        this.device = device;
        programs = new DetectPrograms(net, normalize);
        scores = programs.scores();
        seed = net.config().seed();
        int parts = net.config().recipe().parts();
        sum = parts == 1 ? null : new GradientSum(sgd);
        finish = parts == 1 ? null : device.compile(programs.finish(parts, sum));
    }

    /// Takes a step.
    ///
    /// @param parts of the batch, of [DetectConfig.Recipe#imagesAtOnce] images each
    /// @param step  steps done before
    /// @return losses by name, see [DetectLoss], and shares of positives: means over the parts. What is not finite
    ///     stands first, `loss` otherwise; if what the region proposal network says is not finite, nothing is
    ///     learnt
    public SequencedMap<String, Float> run(List<DetectBatch> parts, int step, float learningRate) {
        DetectConfig.Recipe recipe = net.config().recipe();
        if (parts.size() != recipe.parts()
                || parts.stream().anyMatch(p -> p.images().size() != recipe.imagesAtOnce())) {
            throw new IllegalArgumentException("detection: expected " + recipe.parts() + " parts of "
                    + recipe.imagesAtOnce() + " images, got " + parts.size() + " of "
                    + parts.stream().map(p -> p.images().size()).toList());
        }
        SequencedMap<String, Double> sums = new LinkedHashMap<>();
        DetectLoss.names(net.config()).forEach(name -> sums.put(name, 0.0));
        for (int i = 0; i < parts.size(); i++) {
            Role role = parts.size() == 1 ? Role.WHOLE : i == 0 ? Role.FIRST : Role.NEXT;
            if (!learn(parts.get(i), role, step, learningRate, sums)) {
                return means(sums, parts.size());
            }
        }
        if (finish != null) {
            finish.feed(DetectPrograms.LEARNING_RATE, learningRate).run();
        }
        return means(sums, parts.size());
    }

    /// Computes a part in training mode and learns nothing: only batch norm's running statistics move.
    ///
    /// @param step for what is drawn
    public void forward(DetectBatch part, int step) {
        learn(part, Role.FORWARD, step, 0, new LinkedHashMap<>());
    }

    private static SequencedMap<String, Float> means(SequencedMap<String, Double> sums, int parts) {
        SequencedMap<String, Float> means = new LinkedHashMap<>();
        sums.forEach((name, sum) -> means.put(name, (float) (sum / parts)));
        for (String name : List.copyOf(sums.sequencedKeySet().reversed())) {
            if (!name.equals(DetectLoss.LOSS) && !Float.isFinite(means.get(name))) {
                means.putFirst(name, means.get(name));
            }
        }
        return means;
    }

    /// Learns from a part.
    ///
    /// @return false if what the region proposal network says is not finite
    private boolean learn(DetectBatch part, Role role, int step, float learningRate, Map<String, Double> sums) {
        Compiled program = program(role, part);
        program.feed(DetectPrograms.IMAGES, part.pixels()).feed(DetectPrograms.EXTENTS, extents(part));
        if (role == Role.WHOLE) {
            program.feed(DetectPrograms.LEARNING_RATE, learningRate);
        }
        List<RoiTargets> targets = new ArrayList<>();
        boolean finite = program.run(scores, () -> {
            RpnOutput said = RpnOutput.of(program, net, part.height(), part.width());
            if (!said.finiteLogits() || !said.finiteDeltas()) {
                sums.put(said.finiteLogits() ? DetectLoss.RPN_BOX : DetectLoss.RPN_CLASS, Double.NaN);
                return false;
            }
            targets.addAll(IntStream.range(0, part.images().size())
                    .parallel()
                    .mapToObj(i -> targets(said, part.images().get(i), i, step))
                    .toList());
            new LearnInputs(net, part.images().size()).of(part, targets).feed(program);
            return true;
        });
        if (!finite) {
            return false;
        }
        for (String name : DetectLoss.names(net.config())) {
            sums.merge(name, (double) program.scalar(name), Double::sum);
        }
        count(part, targets, program.floats(DetectPrograms.REGION_LOGITS), sums);
        return true;
    }

    private void count(DetectBatch part, List<RoiTargets> targets, float[] logits, Map<String, Double> sums) {
        double anchors = 0;
        double positiveAnchors = 0;
        for (DetectBatch.Image image : part.images()) {
            anchors += image.anchors().numbers().length;
            positiveAnchors += image.anchors().positives();
        }
        double regions = targets.stream().mapToInt(t -> t.boxes().size()).sum();
        double positives = targets.stream().mapToInt(RoiTargets::positives).sum();
        sums.merge(POSITIVE_ANCHORS, positiveAnchors / Math.max(anchors, 1), Double::sum);
        sums.merge(POSITIVE_REGIONS, positives / Math.max(regions, 1), Double::sum);
        sums.merge(NAMED_REGIONS, named(targets, logits) / Math.max(positives, 1), Double::sum);
    }

    private int named(List<RoiTargets> targets, float... logits) {
        int named = 0;
        int classes = net.classes();
        for (int i = 0; i < targets.size(); i++) {
            for (int k = 0; k < targets.get(i).positives(); k++) {
                int row = (i * net.config().regions().samples() + k) * (classes + 1);
                int likeliest = 0;
                for (int c = 1; c < classes; c++) {
                    likeliest = logits[row + c] > logits[row + likeliest] ? c : likeliest;
                }
                named += likeliest == targets.get(i).classes()[k] ? 1 : 0;
            }
        }
        return named;
    }

    private RoiTargets targets(RpnOutput said, DetectBatch.Image image, int i, int step) {
        DetectConfig config = net.config();
        Boxes proposals = Proposals.of(
                        said.levels(i),
                        config.flavour(),
                        config.rpn(),
                        config.rpn().training(),
                        image.height(),
                        image.width())
                .boxes();
        return RoiTargets.of(
                config,
                image,
                proposals,
                net.classes(),
                masks,
                Sampler.stream(seed, step, image.number(), Sampler.Purpose.PROPOSALS));
    }

    private static int[] extents(DetectBatch part) {
        return part.images().stream()
                .flatMapToInt(image -> IntStream.of(image.height(), image.width()))
                .toArray();
    }

    private Compiled program(Role role, DetectBatch part) {
        Key key = new Key(role, part.images().size(), part.height(), part.width());
        Compiled known = ready.get(key);
        if (known == null) {
            while (ready.size() >= KEPT) {
                ready.pollFirstEntry().getValue().close();
            }
            known = device.compile(traced(key));
            ready.put(key, known);
        }
        return known;
    }

    private Program traced(Key key) {
        return switch (key.role) {
            case WHOLE -> programs.whole(key.images, key.height, key.width, sgd);
            case FIRST -> programs.first(key.images, key.height, key.width, sgd, sum);
            case NEXT -> programs.next(key.images, key.height, key.width, sgd, sum);
            case FORWARD -> programs.forward(key.images, key.height, key.width);
        };
    }

    /// The programs that are ready, for reports of memory.
    public List<Compiled> programs() {
        return List.copyOf(ready.values());
    }

    @Override
    public void close() {
        ready.values().forEach(Compiled::close);
        ready.clear();
        if (finish != null) {
            finish.close();
        }
    }
}
