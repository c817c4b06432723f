package org.jmoco.eval.detect;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.jmoco.eval.boxes.AnchorLevels;
import org.jmoco.eval.boxes.Anchors;
import org.jmoco.eval.boxes.BoxCoder;
import org.jmoco.eval.boxes.Boxes;
import org.jmoco.eval.boxes.Matcher;
import org.jmoco.eval.boxes.Sampler;
import org.jmoco.nn.Stem;

/// What the region proposal network learns from an image: anchors that are matched with its objects, of which some
/// are drawn (Ren et al. 2015, "Faster R-CNN", section 3.1.2). Needs no network. For use by many threads.
public final class RpnTargets {
    private final Flavour flavour;
    private final DetectConfig.Detector detector;
    private final DetectConfig.Rpn rpn;
    private final AnchorLevels anchors;
    private final Matcher matcher;

    /// @param stem of the encoder, which decides about the strides
    public RpnTargets(DetectConfig config, Stem stem) {
        flavour = config.flavour();
        detector = config.model().detector();
        rpn = config.rpn();
        anchors = config.anchors(stem);
        matcher = flavour.anchorMatcher(rpn.low(), rpn.high());
    }

    /// A size in pixels.
    public record Size(int height, int width) {}

    /// Which image in which step, what draws go by.
    public record Draw(long seed, int step, int image) {}

    /// Draws anchors.
    ///
    /// @param objects in pixels of the image   @param image its size   @param padded its size with padding
    public DetectBatch.AnchorSample of(Boxes objects, Size image, Size padded, Draw draw) {
        Boxes all = anchors.over(padded.height, padded.width);
        int[] usable = usable(all, image, padded);
        Boxes used = usable.length == all.size() ? all : all.select(usable);
        Matcher.Matches matches = matcher.match(objects, used);
        Sampler.Sample sample = Sampler.draw(
                matches.label(),
                rpn.samples(),
                (int) (rpn.positives() * rpn.samples()),
                Sampler.stream(draw.seed, draw.step, draw.image, Sampler.Purpose.ANCHORS));
        BoxCoder coder = flavour.anchorCoder();
        float[] deltas = new float[4 * sample.positives().length];
        for (int i = 0; i < sample.positives().length; i++) {
            int anchor = sample.positives()[i];
            coder.encode(used, anchor, objects, matches.object()[anchor], deltas, 4 * i);
        }
        int[] numbers = IntStream.concat(Arrays.stream(sample.positives()), Arrays.stream(sample.negatives()))
                .map(i -> usable[i])
                .toArray();
        return new DetectBatch.AnchorSample(numbers, sample.positives().length, deltas);
    }

    private int[] usable(Boxes all, Size image, Size padded) {
        if (flavour.trainsInside(detector)) {
            return Anchors.inside(all, image.width, image.height);
        }
        if (flavour.trainsBeyondPadding()) {
            return IntStream.range(0, all.size()).toArray();
        }
        int multiple = flavour.padding(detector);
        int height = Math.min(Math.ceilDiv(image.height, multiple) * multiple, padded.height);
        int width = Math.min(Math.ceilDiv(image.width, multiple) * multiple, padded.width);
        return anchors.within(height, width, padded.height, padded.width);
    }
}
