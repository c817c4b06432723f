package org.jmoco.nn.data.dense;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.data.source.Split;
import org.jmoco.nn.data.source.Target;
import org.jmoco.tensor.random.Philox;

/// Makes scenes: small images of one class each, seen through shapes on a background, so that boxes, masks and
/// label maps are known exactly. They are for detection and segmentation that everybody can run in minutes.
///
/// The background is two enlarged images, blended. On it lie distractors, images whose 4×4 blocks are shuffled,
/// so that an edge alone tells nothing; and then objects. An object is resized, flipped by a coin and seen
/// through an ellipse, a rounded square or a wavy blob. It hides at most a tenth of an earlier one, whose
/// hidden pixels leave its mask. A scene depends on seed, part and number alone.
///
/// @param side     of a scene in pixels, 32 … 1024
/// @param smallest,largest side of an object's square in pixels, 12 … side
/// @param objects  the most in a scene, of at least 1   @param distractors the most in a scene
/// @param seed     of all draws
public record SceneMaker(int side, int smallest, int largest, int objects, int distractors, long seed) {
    /// Scenes of 96×96 pixels with up to 4 objects of 24 … 48 pixels and up to 3 distractors.
    public static final SceneMaker STANDARD = new SceneMaker(96, 24, 48, 4, 3, 0);

    /// Highest counter word of the draws, "SCEN" and the part.
    private static final int STREAM = 0x5343454E;

    private static final int BLOCKS = 4;
    private static final int TRIES = 20;
    private static final double MOST_HIDDEN = 0.1;

    /// @throws DataException if a number is outside its range
    public SceneMaker {
        if (side < 32 || side > 1024) {
            throw new DataException("scenes have sides of 32 to 1024 pixels, not " + side);
        }
        if (smallest < 12 || smallest > largest || largest > side) {
            throw new DataException("objects have sides of 12 to " + side
                    + " pixels, the scene's, the smallest first, not " + smallest + " to " + largest);
        }
        if (objects < 1 || objects > 50 || distractors < 0 || distractors > 50) {
            throw new DataException("a scene has 1 to 50 objects and 0 to 50 distractors at most, not " + objects
                    + " and " + distractors);
        }
    }

    /// A scene.
    ///
    /// @param labels  0 for background, 1 + class number for an object   @param objects the last in front
    public record Made(RgbImage image, Target.LabelMap labels, List<MadeObject> objects) {}

    /// An object of a scene.
    ///
    /// @param label class number, from 0   @param mask `[side, side]`, its visible pixels   @param area how many
    /// @param box   around them
    @SuppressWarnings("ArrayRecordComponent") // a carrier of pixels, never compared
    public record MadeObject(int label, boolean[] mask, int area, PixelBox box) {}

    /// Makes a scene.
    ///
    /// @param images of one class each   @param number of the scene in its part, from 0
    public Made make(ImageSource images, Split part, int number) {
        Philox draws = new Philox(seed, number, 0, STREAM + (part == Split.TRAIN ? 0 : 1));
        RgbImage canvas = background(images, draws);
        for (int d = draws.below(distractors + 1); d > 0; d--) {
            Piece piece = Piece.draw(this, shuffled(images.load(draws.below(images.size())), draws), draws);
            piece.paint(canvas, piece.place(side, draws));
        }
        List<Placed> placed = new ArrayList<>();
        for (int o = 1 + draws.below(objects); o > 0; o--) {
            int image = draws.below(images.size());
            Piece piece = Piece.draw(this, images.load(image), draws);
            for (int tries = 0; tries < TRIES; tries++) {
                PixelBox box = piece.place(side, draws);
                boolean[] mask = piece.mask(side, box);
                if (fits(placed, mask)) {
                    placed.forEach(earlier -> earlier.hide(mask));
                    placed.add(new Placed(images.label(image), mask, count(mask)));
                    piece.paint(canvas, box);
                    break;
                }
            }
        }
        List<MadeObject> made = placed.stream()
                .map(p -> new MadeObject(p.label, p.visible, count(p.visible), around(p.visible)))
                .toList();
        return new Made(canvas, labels(made), made);
    }

    private RgbImage background(ImageSource images, Philox draws) {
        byte[] one = OpenCvResize.bilinear(images.load(draws.below(images.size())), side, side)
                .rgb();
        byte[] other = OpenCvResize.bilinear(images.load(draws.below(images.size())), side, side)
                .rgb();
        int part = 77 + draws.below(103); // of 256, so 0.3 … 0.7
        RgbImage blend = new RgbImage(side, side);
        for (int i = 0; i < one.length; i++) {
            blend.rgb()[i] = (byte) ((one[i] & 0xFF) * part + (other[i] & 0xFF) * (256 - part) + 128 >> 8);
        }
        return blend;
    }

    /// The image with its blocks in another order.
    private static RgbImage shuffled(RgbImage image, Philox draws) {
        int width = image.width() / BLOCKS;
        int height = image.height() / BLOCKS;
        int[] order = draws.permutation(BLOCKS * BLOCKS);
        RgbImage result =
                new RgbImage(image.width(), image.height(), image.rgb().clone());
        for (int block = 0; block < order.length; block++) {
            for (int y = 0; y < height; y++) {
                int from = (order[block] / BLOCKS * height + y) * image.width() + order[block] % BLOCKS * width;
                int to = (block / BLOCKS * height + y) * image.width() + block % BLOCKS * width;
                System.arraycopy(image.rgb(), 3 * from, result.rgb(), 3 * to, 3 * width);
            }
        }
        return result;
    }

    /// An image behind a shape.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Piece(RgbImage image, boolean[] shape) {
        static Piece draw(SceneMaker maker, RgbImage image, Philox draws) {
            int size = maker.smallest + draws.below(maker.largest - maker.smallest + 1);
            RgbImage resized = OpenCvResize.bilinear(image, size, size);
            RgbImage seen = draws.below(2) == 1 ? FlipScene.flip(resized) : resized;
            return new Piece(seen, SceneShape.draw(draws).pixels(size));
        }

        PixelBox place(int side, Philox draws) {
            int size = image.width();
            return new PixelBox(draws.below(side - size + 1), draws.below(side - size + 1), size, size);
        }

        /// The shape on the canvas.
        boolean[] mask(int side, PixelBox box) {
            boolean[] mask = new boolean[side * side];
            for (int y = 0; y < box.height(); y++) {
                System.arraycopy(shape, y * box.width(), mask, (box.top() + y) * side + box.left(), box.width());
            }
            return mask;
        }

        void paint(RgbImage canvas, PixelBox box) {
            for (int i = 0; i < shape.length; i++) {
                if (shape[i]) {
                    int to = (box.top() + i / box.width()) * canvas.width() + box.left() + i % box.width();
                    System.arraycopy(image.rgb(), 3 * i, canvas.rgb(), 3 * to, 3);
                }
            }
        }
    }

    /// An object of which later ones may hide a part.
    ///
    /// @param whole pixels of it before anything was hidden
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Placed(int label, boolean[] visible, int whole) {
        void hide(boolean[] by) {
            for (int i = 0; i < by.length; i++) {
                visible[i] &= !by[i];
            }
        }

        /// Whether all that is hidden of it stays a small part.
        boolean bears(boolean[] by) {
            int left = 0;
            for (int i = 0; i < by.length; i++) {
                left += visible[i] && !by[i] ? 1 : 0;
            }
            return whole - left <= MOST_HIDDEN * whole;
        }
    }

    private static boolean fits(List<Placed> placed, boolean[] mask) {
        return placed.stream().allMatch(earlier -> earlier.bears(mask));
    }

    private Target.LabelMap labels(List<MadeObject> made) {
        byte[] labels = new byte[side * side];
        for (MadeObject object : made) {
            for (int i = 0; i < labels.length; i++) {
                if (object.mask[i]) {
                    labels[i] = (byte) (1 + object.label);
                }
            }
        }
        return new Target.LabelMap(side, side, labels);
    }

    private static int count(boolean[] mask) {
        return (int) IntStream.range(0, mask.length).filter(i -> mask[i]).count();
    }

    private PixelBox around(boolean[] mask) {
        int[] columns = IntStream.range(0, mask.length)
                .filter(i -> mask[i])
                .map(i -> i % side)
                .toArray();
        int[] rows = IntStream.range(0, mask.length)
                .filter(i -> mask[i])
                .map(i -> i / side)
                .toArray();
        int left = Arrays.stream(columns).min().orElseThrow();
        int top = Arrays.stream(rows).min().orElseThrow();
        int right = Arrays.stream(columns).max().orElseThrow();
        int bottom = Arrays.stream(rows).max().orElseThrow();
        return new PixelBox(left, top, right - left + 1, bottom - top + 1);
    }
}
