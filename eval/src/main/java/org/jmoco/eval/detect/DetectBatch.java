package org.jmoco.eval.detect;

import java.util.List;
import org.jmoco.eval.boxes.Boxes;
import org.jmoco.eval.masks.MaskTarget;

/// Images that a detector computes at once, with all that a step learns of them and that needs no network: what
/// the side of the data makes ready ahead, and [DetectStep] takes. A batch of several parts (images at once fewer
/// than the batch) is a list of these.
///
/// @param height,width of every image with its padding, which is right and below: the largest image of this part,
///     rounded up to [Flavour#padding]
/// @param pixels       bytes `[images, height, width, 3]`, red, green, blue; anything in the padding
/// @param images       what is known of each
@SuppressWarnings("ArrayRecordComponent") // a carrier of pixels, never compared
public record DetectBatch(int height, int width, byte[] pixels, List<Image> images) {
    public DetectBatch {
        images = List.copyOf(images);
        if (images.isEmpty() || pixels.length != images.size() * height * width * 3) {
            throw new IllegalArgumentException("detection: " + images.size() + " images of " + height + "×" + width
                    + " do not have " + pixels.length + " bytes");
        }
    }

    /// One image, resized and flipped as it is trained on.
    ///
    /// @param number  in its source; random draws go by it
    /// @param height,width without the padding, in pixels
    /// @param boxes   of the objects to find, in its pixels and inside it; none is a picture of background. Crowds
    ///     are left out, and what the flavour does not train on
    /// @param classes of the objects, from 0
    /// @param masks   of the objects, in its pixels; empty where masks are not learnt
    /// @param anchors that the region proposal network learns from
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Image(
            int number,
            int height,
            int width,
            Boxes boxes,
            int[] classes,
            List<MaskTarget> masks,
            AnchorSample anchors) {
        public Image {
            masks = List.copyOf(masks);
            if (boxes.size() != classes.length || !masks.isEmpty() && masks.size() != classes.length) {
                throw new IllegalArgumentException("detection: image " + number + " has " + boxes.size() + " boxes, "
                        + classes.length + " classes and " + masks.size() + " masks");
            }
        }
    }

    /// Anchors drawn for the region proposal network, by [Sampler][org.jmoco.eval.boxes.Sampler] with the purpose
    /// `ANCHORS`.
    ///
    /// @param numbers of the anchors drawn, as [AnchorLevels#over][org.jmoco.eval.boxes.AnchorLevels#over] numbers
    ///     those of the padded size: positive ones first; at most [DetectConfig.Rpn#samples]
    /// @param positives how many are positive
    /// @param deltas  `[positives, 4]`: from each positive anchor to its object, by [Flavour#anchorCoder]
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record AnchorSample(int[] numbers, int positives, float[] deltas) {
        public AnchorSample {
            if (positives < 0 || positives > numbers.length || deltas.length != 4 * positives) {
                throw new IllegalArgumentException("detection: " + numbers.length + " anchors with " + positives
                        + " positive ones and " + deltas.length + " deltas");
            }
        }

        public int negatives() {
            return numbers.length - positives;
        }
    }
}
