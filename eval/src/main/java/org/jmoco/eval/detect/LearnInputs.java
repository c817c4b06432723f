package org.jmoco.eval.detect;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.jmoco.eval.boxes.AnchorLevels;
import org.jmoco.eval.boxes.Boxes;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.Trace;

/// What the program that learns is fed besides the images, always as many of each: what an image has too few of
/// repeats those it has, with weight 0, so that batch norm sees regions as they are.
///
/// | input | shape | meaning |
/// |---|---|---|
/// | anchors | `[a]` I32 | rows of the anchors in all levels' scores, which lie level by level, then image by image |
/// | anchorObjects | `[a]` | 1 if an anchor holds an object, else 0 |
/// | anchorWeights | `[a]` | of its loss, 0 for repetitions |
/// | anchorDeltas | `[a, 4]` | where to its object lies |
/// | anchorDeltaWeights | `[a, 1]` | 0 but for positive ones |
/// | boxes, boxImages, boxLevels | `[r, 4]`, `[r]` I32 twice | regions, see [Detector.Regions] |
/// | boxClasses | `[r]` I32 | what they show |
/// | boxWeights | `[r]` | of the loss, 0 for repetitions |
/// | boxColumns | `[r]` I32 | rows of their class in the deltas as `[r·classes, 4]` |
/// | boxDeltas, boxDeltaWeights | `[r, 4]`, `[r, 1]` | where the object lies, 0 but for positive ones |
/// | maskBoxes, maskImages, maskLevels | `[m, 4]`, `[m]` I32 twice | positive regions |
/// | maskClasses | `[m]` I32 | of their objects |
/// | masks | `[m, 2s, 2s]` U8 | 1 inside the object |
/// | maskWeights | `[m, 1, 1]` | of a pixel's loss, 0 for repetitions |
final class LearnInputs {
    static final String ANCHORS = "anchors";
    static final String ANCHOR_OBJECTS = "anchorObjects";
    static final String ANCHOR_WEIGHTS = "anchorWeights";
    static final String ANCHOR_DELTAS = "anchorDeltas";
    static final String ANCHOR_DELTA_WEIGHTS = "anchorDeltaWeights";
    static final String BOXES = "boxes";
    static final String BOX_CLASSES = "boxClasses";
    static final String BOX_WEIGHTS = "boxWeights";
    static final String BOX_COLUMNS = "boxColumns";
    static final String BOX_DELTAS = "boxDeltas";
    static final String BOX_DELTA_WEIGHTS = "boxDeltaWeights";
    static final String MASK_BOXES = "maskBoxes";
    static final String MASK_CLASSES = "maskClasses";
    static final String MASKS = "masks";
    static final String MASK_WEIGHTS = "maskWeights";
    private static final String IMAGES_OF = "Images";
    private static final String LEVELS_OF = "Levels";

    private final Detector net;
    private final DetectConfig config;
    private final int images;

    /// @param images a part
    LearnInputs(Detector net, int images) {
        this.net = net;
        this.config = net.config();
        this.images = images;
    }

    /// As tensors of a program that is being traced.
    ///
    /// @param masks none where masks are not learnt
    record Traced(
            Tensor anchors,
            Tensor anchorObjects,
            Tensor anchorWeights,
            Tensor anchorDeltas,
            Tensor anchorDeltaWeights,
            Detector.Regions boxes,
            Tensor boxClasses,
            Tensor boxWeights,
            Tensor boxColumns,
            Tensor boxDeltas,
            Tensor boxDeltaWeights,
            Optional<TracedMasks> masks) {}

    /// The same of masks.
    record TracedMasks(Detector.Regions boxes, Tensor classes, Tensor masks, Tensor weights) {}

    Traced trace(Trace p) {
        int a = images * config.rpn().samples();
        int r = images * config.regions().samples();
        return new Traced(
                p.input(ANCHORS, Shape.of(a), DType.I32),
                p.input(ANCHOR_OBJECTS, Shape.of(a)),
                p.input(ANCHOR_WEIGHTS, Shape.of(a)),
                p.input(ANCHOR_DELTAS, Shape.of(a, 4)),
                p.input(ANCHOR_DELTA_WEIGHTS, Shape.of(a, 1)),
                regions(p, BOXES, "box", r),
                p.input(BOX_CLASSES, Shape.of(r), DType.I32),
                p.input(BOX_WEIGHTS, Shape.of(r)),
                p.input(BOX_COLUMNS, Shape.of(r), DType.I32),
                p.input(BOX_DELTAS, Shape.of(r, 4)),
                p.input(BOX_DELTA_WEIGHTS, Shape.of(r, 1)),
                config.model().masks() ? Optional.of(masks(p)) : Optional.empty());
    }

    private TracedMasks masks(Trace p) {
        int m = images * config.regions().mostPositives();
        int cells = 2 * config.regions().maskSize();
        return new TracedMasks(
                regions(p, MASK_BOXES, "mask", m),
                p.input(MASK_CLASSES, Shape.of(m), DType.I32),
                p.input(MASKS, Shape.of(m, cells, cells), DType.U8),
                p.input(MASK_WEIGHTS, Shape.of(m, 1, 1)));
    }

    static Detector.Regions regions(Trace p, String boxes, String stem, int count) {
        return new Detector.Regions(
                p.input(boxes, Shape.of(count, 4)),
                p.input(stem + IMAGES_OF, Shape.of(count), DType.I32),
                p.input(stem + LEVELS_OF, Shape.of(count), DType.I32));
    }

    /// What is to be learnt of a part.
    ///
    /// @param targets one an image
    Arrays of(DetectBatch part, List<RoiTargets> targets) {
        Arrays arrays = new Arrays(new LinkedHashMap<>());
        addAnchors(arrays, part);
        addBoxes(arrays, targets);
        if (config.model().masks()) {
            addMasks(arrays, targets);
        }
        return arrays;
    }

    /// Values of inputs by name: `float[]`, `int[]` or `byte[]`.
    record Arrays(SequencedMap<String, Object> byName) {
        private Arrays put(String name, Object values) {
            byName.put(name, values);
            return this;
        }

        void feed(Compiled program) {
            byName.forEach((name, values) -> {
                switch (values) {
                    case float[] floats -> program.feed(name, floats);
                    case int[] ints -> program.feed(name, ints);
                    default -> program.feed(name, (byte[]) values);
                }
            });
        }
    }

    private void addAnchors(Arrays arrays, DetectBatch part) {
        int samples = config.rpn().samples();
        AnchorLevels levels = net.anchors();
        int[] rows = new int[images * samples];
        float[] objects = new float[rows.length];
        float[] weights = new float[rows.length];
        float[] deltas = new float[4 * rows.length];
        float[] deltaWeights = new float[rows.length];
        float weight = 1f / counted(part);
        for (int i = 0; i < images; i++) {
            DetectBatch.AnchorSample sample = part.images().get(i).anchors();
            int drawn = sample.numbers().length;
            for (int k = 0; k < samples; k++) {
                int at = i * samples + k;
                rows[at] = row(levels, part, i, drawn == 0 ? 0 : sample.numbers()[k % drawn]);
                if (k < drawn) {
                    weights[at] = weight;
                }
                if (k < sample.positives()) {
                    objects[at] = 1;
                    deltaWeights[at] = weight;
                    System.arraycopy(sample.deltas(), 4 * k, deltas, 4 * at, 4);
                }
            }
        }
        arrays.put(ANCHORS, rows)
                .put(ANCHOR_OBJECTS, objects)
                .put(ANCHOR_WEIGHTS, weights)
                .put(ANCHOR_DELTAS, deltas)
                .put(ANCHOR_DELTA_WEIGHTS, deltaWeights);
    }

    private int counted(DetectBatch part) {
        int sum = 0;
        for (DetectBatch.Image image : part.images()) {
            DetectBatch.AnchorSample sample = image.anchors();
            sum += config.flavour().anchorsCounted(config.rpn().samples(), sample.positives(), sample.negatives());
        }
        return sum;
    }

    /// Where an anchor of an image stands in the scores of all.
    private int row(AnchorLevels levels, DetectBatch part, int image, int number) {
        int before = 0;
        int left = number;
        for (int level = 0; level < levels.levels().size(); level++) {
            int count = levels.count(level, part.height(), part.width());
            if (left < count) {
                return before + image * count + left;
            }
            left -= count;
            before += images * count;
        }
        throw new IllegalArgumentException(
                "detection: there is no anchor " + number + " on images of " + part.height() + "×" + part.width());
    }

    private void addBoxes(Arrays arrays, List<RoiTargets> targets) {
        int samples = config.regions().samples();
        int background = net.classes();
        RegionArrays regions = new RegionArrays(net, images * samples);
        int[] classes = new int[images * samples];
        float[] weights = new float[classes.length];
        int[] columns = new int[classes.length];
        float[] deltas = new float[4 * classes.length];
        float[] deltaWeights = new float[classes.length];
        int all = targets.stream().mapToInt(t -> t.boxes().size()).sum();
        float weight = 1f / Math.max(all, 1);
        for (int i = 0; i < images; i++) {
            RoiTargets t = targets.get(i);
            int drawn = t.boxes().size();
            for (int k = 0; k < samples; k++) {
                int at = i * samples + k;
                if (drawn > 0) {
                    regions.set(at, t.boxes(), k % drawn, i);
                } else {
                    regions.image(at, i);
                }
                classes[at] = k < drawn ? t.classes()[k] : background;
                weights[at] = k < drawn ? weight : 0;
                columns[at] = at * background + (classes[at] == background ? 0 : classes[at]);
                if (k < t.positives()) {
                    System.arraycopy(t.deltas(), 4 * k, deltas, 4 * at, 4);
                    deltaWeights[at] = weight;
                }
            }
        }
        regions.addTo(arrays, BOXES, "box");
        arrays.put(BOX_CLASSES, classes)
                .put(BOX_WEIGHTS, weights)
                .put(BOX_COLUMNS, columns)
                .put(BOX_DELTAS, deltas)
                .put(BOX_DELTA_WEIGHTS, deltaWeights);
    }

    /// Positive regions of all images, then these again; if there is none, regions of background.
    private void addMasks(Arrays arrays, List<RoiTargets> targets) {
        int m = images * config.regions().mostPositives();
        int cells = 2 * config.regions().maskSize();
        RegionArrays regions = new RegionArrays(net, m);
        int[] classes = new int[m];
        byte[] masks = new byte[m * cells * cells];
        float[] weights = new float[m];
        int positives = targets.stream().mapToInt(RoiTargets::positives).sum();
        float weight = 1f / Math.max(1, positives * cells * cells);
        int at = 0;
        while (at < m) {
            int before = at;
            for (int i = 0; i < images; i++) {
                RoiTargets t = targets.get(i);
                int count = positives > 0 ? t.positives() : t.boxes().size();
                for (int k = 0; k < count && at < m; k++, at++) {
                    regions.set(at, t.boxes(), k, i);
                    if (positives > 0) {
                        classes[at] = t.classes()[k];
                        weights[at] = at < positives ? weight : 0;
                        System.arraycopy(t.masks().get(k), 0, masks, at * cells * cells, cells * cells);
                    }
                }
            }
            if (at == before) {
                at = m; // no region at all
            }
        }
        regions.addTo(arrays, MASK_BOXES, "mask");
        arrays.put(MASK_CLASSES, classes).put(MASKS, masks).put(MASK_WEIGHTS, weights);
    }

    /// Regions to be fed.
    static final class RegionArrays {
        private final Detector net;
        private final float[] boxes;
        private final int[] images;
        private final int[] levels;

        RegionArrays(Detector net, int count) {
            this.net = net;
            boxes = new float[4 * count];
            images = new int[count];
            levels = new int[count];
        }

        void image(int at, int image) {
            images[at] = image;
        }

        void set(int at, Boxes from, int box, int image) {
            boxes[4 * at] = from.x0(box);
            boxes[4 * at + 1] = from.y0(box);
            boxes[4 * at + 2] = from.x1(box);
            boxes[4 * at + 3] = from.y1(box);
            images[at] = image;
            levels[at] = net.level(from.area(box));
        }

        void addTo(Arrays arrays, String name, String stem) {
            arrays.put(name, boxes).put(stem + IMAGES_OF, images).put(stem + LEVELS_OF, levels);
        }

        void feed(Compiled program, String name, String stem) {
            Arrays arrays = new Arrays(new LinkedHashMap<>());
            addTo(arrays, name, stem);
            arrays.feed(program);
        }
    }
}
