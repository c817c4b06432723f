package org.jmoco.eval.detect;

import java.util.List;
import org.jmoco.eval.boxes.Anchors;
import org.jmoco.eval.boxes.BoxCoder;
import org.jmoco.eval.boxes.Matcher;
import org.jmoco.eval.masks.MaskPaste;
import org.jmoco.eval.metrics.VocDetectionAp;
import org.jmoco.nn.Start;
import org.jmoco.nn.data.dense.ResizeShortest;
import org.jmoco.nn.data.source.Target;
import org.jmoco.tensor.ops.image.RoiAlign;

/// Whose rules a detector is trained and measured by: where the libraries differ, and nowhere else. MoCo's authors
/// used detectron2, MMSelfSup uses mmdet. By torchvision's rules its trained networks are used; nothing is trained.
///
/// | what | detectron2 | mmdet |
/// |---|---|---|
/// | images are resized | as Pillow does | as OpenCV does |
/// | VOC's boxes | (x − 1, y − 1, X, Y) | 1 less on all sides |
/// | difficult objects in training | are objects | are background |
/// | images with crowds alone | left out | are background |
/// | smallest object in training | none | 1 pixel a side, images 32 |
/// | padded to a multiple of | C4 1, FPN 32 | 32 |
/// | anchors of a position | size by size | ratio by ratio |
/// | C4's anchors in training | all | those inside the image |
/// | anchors beyond an image's own padding, in training | count | do not |
/// | an object's best anchors | are positive | are its own |
/// | losses of the RPN are divided by | anchors asked for | anchors drawn |
/// | proposals are ranked by | logit | sigmoid, which ties |
/// | objects among proposals | last | first |
/// | an object's best proposal, FPN | nothing special | is its own |
/// | logarithms of extents are clamped | from above | on both sides |
/// | level of a region | log + 1e-8 | log + 1e-6 |
/// | masks to learn | polygons | bitmaps |
/// | weight decay on norms | no | yes |
/// | precise batch norm at the end | yes | no |
/// | overlap of a found object, VOC | above the threshold | at or above |
///
/// | what | detectron2 and mmdet | torchvision |
/// |---|---|---|
/// | images are resized | as bytes | as numbers that are not rounded, without averaging |
/// | anchors | as they are | rounded to whole pixels around their centre |
/// | stride of anchors | of the map | padded side / positions, the whole part |
/// | proposals are ranked by | the same in and over levels | logit in a level, sigmoid over levels |
/// | proposals and detections that are dropped | without extent | below 0.001 and 0.01 pixels a side |
/// | a region's cells | as many samples as they are large, aligned | two samples an axis, not aligned |
/// | masks are put into | the box | its whole pixels, with a rim of one cell |
public enum Flavour {
    DETECTRON2,
    MMDET,
    TORCHVISION;

    private static final int WHOLE_STRIDES = 32;
    /// detectron2's canonical region, for which level 4 is right, four times as large as the finest level's.
    private static final int CANONICAL = 4;

    /// Whether networks are trained by these rules, and not only used.
    public boolean trains() {
        return this != TORCHVISION;
    }

    /// Nothing is trained by rules that are for using networks.
    ///
    /// @throws IllegalArgumentException if these are such rules
    void requireTraining() {
        if (!trains()) {
            throw new IllegalArgumentException("flavour torchvision is for networks that torchvision has trained;"
                    + " detectors are trained by flavour detectron2 or mmdet");
        }
    }

    /// Whether images are resized as Pillow does it, and not as OpenCV does.
    public boolean resizesAsPillow() {
        return this == DETECTRON2;
    }

    /// How images are resized.
    public ResizeShortest.Rule resize() {
        return switch (this) {
            case DETECTRON2 -> ResizeShortest.Rule.PILLOW;
            case MMDET -> ResizeShortest.Rule.OPENCV;
            case TORCHVISION -> ResizeShortest.Rule.FLOATS;
        };
    }

    /// What right and lower edges of VOC's boxes become less by; left and upper ones become 1 less.
    public int vocEdge() {
        return this == DETECTRON2 ? 0 : 1;
    }

    /// A box of PASCAL VOC, whose left and upper edges are less by 1 already, as it is trained on.
    public Target.Box vocBox(Target.Box box) {
        return new Target.Box(box.x0(), box.y0(), box.x1() - vocEdge(), box.y1() - vocEdge());
    }

    /// Whether images are trained on whose objects are all crowds, as background.
    public boolean usesCrowdedImages() {
        return this == MMDET;
    }

    /// Whether difficult objects are trained on; otherwise they count as background.
    public boolean trainsOnDifficult() {
        return this == DETECTRON2;
    }

    /// The shortest side of an object that is trained on, in pixels of the annotated image.
    public int smallestObject() {
        return this == DETECTRON2 ? 0 : 1;
    }

    /// The shortest side of an image that is trained on, in pixels.
    public int smallestImage() {
        return this == DETECTRON2 ? 0 : WHOLE_STRIDES;
    }

    /// What the sides of a padded batch are multiples of.
    public int padding(DetectConfig.Detector detector) {
        return this == DETECTRON2 && detector == DetectConfig.Detector.C4 ? 1 : WHOLE_STRIDES;
    }

    /// The order of a position's anchors.
    public Anchors.Order anchorOrder() {
        return this == DETECTRON2 ? Anchors.Order.SIZE_BY_SIZE : Anchors.Order.RATIO_BY_RATIO;
    }

    /// Whether an anchor's sides are rounded to whole pixels around its centre.
    public boolean roundsAnchors() {
        return this == TORCHVISION;
    }

    /// Whether a map's stride along a side is what the padded side has for each of its positions, and not the
    /// network's own.
    public boolean fitsStrides() {
        return this == TORCHVISION;
    }

    /// How regions are cut from maps.
    ///
    /// @param size cells a side   @param scales of the maps
    RoiAlign roiAlign(int size, List<Float> scales) {
        return this == TORCHVISION ? new RoiAlign(size, scales, 2, false) : new RoiAlign(size, scales, 0, true);
    }

    /// Whether only anchors inside the unpadded image are trained on.
    public boolean trainsInside(DetectConfig.Detector detector) {
        return this == MMDET && detector == DetectConfig.Detector.C4;
    }

    /// Whether anchors are trained on that lie beyond the padding which an image would have by itself, on that of the
    /// larger ones beside it.
    public boolean trainsBeyondPadding() {
        return this != MMDET;
    }

    /// How anchors are matched with objects.
    public Matcher anchorMatcher(double low, double high) {
        return new Matcher((float) low, (float) high, this == DETECTRON2 ? Matcher.Best.POSITIVE : Matcher.Best.TAKEN);
    }

    /// How proposals are matched with objects.
    public Matcher proposalMatcher(DetectConfig.Detector detector, double threshold) {
        return new Matcher(
                (float) threshold,
                (float) threshold,
                this == MMDET && detector == DetectConfig.Detector.FPN ? Matcher.Best.TAKEN : Matcher.Best.NOTHING);
    }

    /// What the losses of region proposals on an image add to the number they are divided by.
    ///
    /// @param wanted anchors an image   @param positives,negatives that were drawn
    public int anchorsCounted(int wanted, int positives, int negatives) {
        return this == DETECTRON2 ? wanted : Math.max(positives, 1) + Math.max(negatives, 1);
    }

    /// What the proposals of a level are ranked by.
    public float rank(float logit) {
        return this == MMDET ? sigmoid(logit) : logit;
    }

    /// What the proposals of all levels are ranked by.
    ///
    /// @param rank in their level
    public float rankOverLevels(float rank) {
        return this == TORCHVISION ? sigmoid(rank) : rank;
    }

    private static float sigmoid(float logit) {
        return (float) (1 / (1 + StrictMath.exp(-logit)));
    }

    /// The shortest side of a proposal, in pixels; 0 for any above 0.
    public float smallestProposal() {
        return this == TORCHVISION ? 1e-3f : 0;
    }

    /// The shortest side of a detection in the resized image, before one suppresses another; 0 for any, since those
    /// without extent are dropped in the end.
    public float smallestDetection() {
        return this == TORCHVISION ? 1e-2f : 0;
    }

    /// How masks are put into images.
    public MaskPaste paste() {
        return this == TORCHVISION ? MaskPaste.WHOLE_PIXELS : MaskPaste.PLACES;
    }

    /// Whether the objects themselves stand first among proposals, and not last.
    public boolean objectsFirst() {
        return this == MMDET;
    }

    /// Deltas of anchors.
    public BoxCoder anchorCoder() {
        return BoxCoder.plain(this == MMDET);
    }

    /// Deltas of regions.
    public BoxCoder regionCoder() {
        return BoxCoder.weighted(this == MMDET);
    }

    /// The map that a region of this area is taken from, before it is limited to those there are: `⌊log₂(√area /
    /// finest)⌋` (Lin et al. 2017, "Feature pyramid networks for object detection", equation 1).
    ///
    /// @param area in pixels   @param finest side of a region that just belongs to level 0, in pixels
    public int level(float area, float finest) {
        float side = (float) Math.sqrt(area);
        return switch (this) {
            case DETECTRON2 -> (int) Math.floor(CANONICAL + log2(side / (CANONICAL * finest) + 1e-8f)) - 2;
            case MMDET -> (int) Math.floor(log2(side / finest + 1e-6f));
            case TORCHVISION -> (int) Math.floor(CANONICAL + log2(side / (CANONICAL * finest)) + 1e-6f) - 2;
        };
    }

    private static float log2(float x) {
        return (float) (StrictMath.log(x) / StrictMath.log(2));
    }

    /// Whether masks to learn are drawn from polygons, and not cut from a bitmap as large as the image.
    public boolean drawsPolygons() {
        return this == DETECTRON2;
    }

    /// Whether weight decay pulls weights and biases of norms too.
    public boolean decaysNorms() {
        return this == MMDET;
    }

    /// Whether training ends with batch norm's statistics taken anew over many batches.
    public boolean endsWithPreciseBatchNorm() {
        return this == DETECTRON2;
    }

    /// Whether a detection must overlap its object by more than the threshold in PASCAL VOC's measure; otherwise
    /// the threshold itself is enough.
    public boolean overlapsStrictly() {
        return this == DETECTRON2;
    }

    /// Who counts in PASCAL VOC's measure.
    VocDetectionAp.Rules vocRules() {
        return this == DETECTRON2 ? VocDetectionAp.Rules.DETECTRON2 : VocDetectionAp.Rules.MMDETECTION;
    }

    /// How the convolutions of the feature pyramid and the fully connected layers of the box head begin.
    Start connections() {
        return this == DETECTRON2 ? Start.KAIMING_UNIFORM : Start.XAVIER_UNIFORM;
    }

    /// How the last convolution of the mask head begins.
    Start maskLogits() {
        return this == DETECTRON2 ? Start.normal(0.001) : Start.KAIMING_NORMAL;
    }
}
