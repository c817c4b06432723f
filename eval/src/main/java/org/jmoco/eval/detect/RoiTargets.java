package org.jmoco.eval.detect;

import java.util.Arrays;
import java.util.List;
import org.jmoco.eval.boxes.BoxCoder;
import org.jmoco.eval.boxes.Boxes;
import org.jmoco.eval.boxes.Matcher;
import org.jmoco.eval.boxes.Sampler;
import org.jmoco.tensor.random.Philox;

/// What the heads learn of one image: regions drawn from its proposals and its objects, with what each shows.
///
/// @param boxes   of the regions, positive ones first, each set in the order of drawing
/// @param classes of all regions; of background the number of classes
/// @param objects of positive regions: the number of the object they are to find
/// @param deltas  `[positives, 4]`: from each positive region to its object, by [Flavour#regionCoder]
/// @param masks   of positive regions, `[2s, 2s]` bytes of 0 and 1 each; empty where masks are not learnt
@SuppressWarnings("ArrayRecordComponent") // never compared
public record RoiTargets(Boxes boxes, int[] classes, int[] objects, float[] deltas, List<byte[]> masks) {

    /// Cuts the mask that a region is to find out of that of its object.
    @FunctionalInterface
    public interface MaskRule {
        /// @param object number of the object in the image
        /// @param box    of the region in `boxes`
        /// @return `[cells, cells]` bytes: 1 inside, else 0
        byte[] target(DetectBatch.Image image, int object, Boxes boxes, int box, int cells);
    }

    public RoiTargets {
        masks = List.copyOf(masks);
    }

    /// Regions that show an object.
    public int positives() {
        return objects.length;
    }

    /// Draws regions and says what they show.
    ///
    /// @param proposals of the image   @param classes there are
    /// @param masks     asked for every positive region if the configuration finds masks
    /// @param draws     of this image in this step
    public static RoiTargets of(
            DetectConfig config, DetectBatch.Image image, Boxes proposals, int classes, MaskRule masks, Philox draws) {
        Flavour flavour = config.flavour();
        DetectConfig.Regions rules = config.regions();
        Boxes objects = image.boxes();
        Boxes candidates = flavour.objectsFirst() ? objects.concat(proposals) : proposals.concat(objects);
        Matcher matcher = flavour.proposalMatcher(config.model().detector(), rules.threshold());
        Matcher.Matches matches = matcher.match(objects, candidates);
        Sampler.Sample sample = Sampler.draw(matches.label(), rules.samples(), rules.mostPositives(), draws);
        int[] positives = sample.positives();
        int[] drawn = Arrays.copyOf(positives, positives.length + sample.negatives().length);
        System.arraycopy(sample.negatives(), 0, drawn, positives.length, sample.negatives().length);
        Boxes boxes = candidates.select(drawn);
        int[] shown = new int[drawn.length];
        Arrays.fill(shown, classes);
        int[] found = new int[positives.length];
        float[] deltas = new float[4 * positives.length];
        BoxCoder coder = flavour.regionCoder();
        for (int i = 0; i < found.length; i++) {
            found[i] = matches.object()[positives[i]];
            shown[i] = image.classes()[found[i]];
            coder.encode(boxes, i, objects, found[i], deltas, 4 * i);
        }
        byte[][] cut = new byte[config.model().masks() ? found.length : 0][];
        for (int i = 0; i < cut.length; i++) {
            cut[i] = masks.target(image, found[i], boxes, i, 2 * rules.maskSize());
        }
        return new RoiTargets(boxes, shown, found, deltas, List.of(cut));
    }
}
