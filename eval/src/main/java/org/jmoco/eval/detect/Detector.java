package org.jmoco.eval.detect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jmoco.eval.boxes.AnchorLevels;
import org.jmoco.nn.BatchNorm2d;
import org.jmoco.nn.Mode;
import org.jmoco.nn.Module;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.StateDict;
import org.jmoco.nn.optim.Sgd;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.Variable;
import org.jmoco.tensor.io.ArrayData;

/// A network that finds objects in two steps: it proposes regions of the image, then says what each shows.
///
/// ```java
/// Detector net = Detector.of(ResNet.Config.of(Arch.RESNET50), config, 20);
/// net.initialize(seed);
/// net.begin(StateDict.of(pretrained));
/// List<Tensor> maps = net.maps(images, mode);
/// List<RpnHead.Scores> scores = net.proposals(maps, mode);               // the host makes regions of them
/// BoxHead.Scores found = net.boxes(maps, regions, mode);
/// ```
public abstract sealed class Detector extends Module permits C4Detector, FpnDetector {
    private final DetectConfig config;
    private final ResNet.Config encoder;
    private final int classes;

    /// Parts of images, as a program sees them.
    ///
    /// @param boxes  `[r, 4]`: x0, y0, x1, y1 in pixels
    /// @param images `[r]` I32: which image of the batch
    /// @param levels `[r]` I32: from which map they are taken, see [#level]
    public record Regions(Tensor boxes, Tensor images, Tensor levels) {}

    Detector(ResNet.Config encoder, DetectConfig config, int classes) {
        this.encoder = encoder;
        this.config = config;
        this.classes = classes;
    }

    /// A network whose parameters are 0, as a configuration wants it.
    ///
    /// @param encoder depth, stem, width and norm
    /// @param classes of objects, at least 1
    /// @throws IllegalArgumentException if the encoder does not have four stages, or there is no class
    public static Detector of(ResNet.Config encoder, DetectConfig config, int classes) {
        if (encoder.stages().size() != 4 || classes < 1) {
            throw new IllegalArgumentException("detection: expected an encoder of 4 stages and at least 1 class, got "
                    + encoder.stages().size() + " and " + classes);
        }
        return switch (config.model().detector()) {
            case C4 -> new C4Detector(encoder, config, classes);
            case FPN -> new FpnDetector(encoder, config, classes);
        };
    }

    public DetectConfig config() {
        return config;
    }

    /// Depth, stem, width and norm of what it is built on.
    public ResNet.Config encoder() {
        return encoder;
    }

    /// Classes of objects; background is one more.
    public int classes() {
        return classes;
    }

    /// The anchors of its maps.
    public AnchorLevels anchors() {
        return config.anchors(encoder.stem());
    }

    /// Where an encoder's arrays go: the name here of an array of a [ResNet].
    abstract String nameOf(String encoderName);

    /// Takes over an encoder.
    ///
    /// @param arrays as [StateDict] gives them; a head `fc` is left behind, all else must have its place
    /// @return how many arrays
    /// @throws IllegalArgumentException naming what is missing, unknown or of another shape; then nothing has
    ///     changed
    public int begin(Map<String, ArrayData> arrays) {
        ResNet whole = new ResNet(encoder);
        Map<String, ArrayData> body = new LinkedHashMap<>(arrays);
        body.keySet().removeIf(name -> name.startsWith("fc."));
        StateDict.load(whole, body);
        Map<String, ArrayData> own = new LinkedHashMap<>(StateDict.of(this));
        StateDict.of(whole).forEach((name, array) -> own.put(nameOf(name), array));
        StateDict.load(this, own);
        return whole.named().size();
    }

    /// The maps that regions are proposed on, the finest first.
    ///
    /// @param images normalised, `[n, h, w, 3]`
    public abstract List<Tensor> maps(Tensor images, Mode mode);

    /// What the region proposal network says, one a map.
    public abstract List<RpnHead.Scores> proposals(List<Tensor> maps, Mode mode);

    /// What regions show.
    ///
    /// @param maps as [#maps] gave them
    public abstract BoxHead.Scores boxes(List<Tensor> maps, Regions regions, Mode mode);

    /// The masks of regions, `[r, s, s, classes]`, log-odds.
    ///
    /// @throws UnsupportedOperationException if the network finds none
    public abstract Tensor masks(List<Tensor> maps, Regions regions, Mode mode);

    /// The map that a region is taken from.
    ///
    /// @param area in pixels
    public abstract int level(float area);

    /// Maps that regions are taken from.
    public abstract int levels();

    /// The optimiser of a configuration: where the flavour has it so, weight decay passes over norms.
    public Sgd sgd() {
        Sgd.Options options = config.recipe().options();
        if (config.flavour().decaysNorms()) {
            return new Sgd(options, parameters());
        }
        List<Variable> norms = modules().values().stream()
                .filter(BatchNorm2d.class::isInstance)
                .flatMap(m -> m.parameters().stream())
                .toList();
        List<Variable> others = new ArrayList<>(parameters());
        others.removeAll(norms);
        return new Sgd(List.of(
                new Sgd.Group("parameters", others, options, 1),
                new Sgd.Group("norms", norms, new Sgd.Options(options.momentum(), 0), 1)));
    }
}
