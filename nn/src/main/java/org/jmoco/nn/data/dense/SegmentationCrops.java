package org.jmoco.nn.data.dense;

import java.util.Arrays;
import java.util.Optional;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.data.source.Target;
import org.jmoco.tensor.random.Philox;

/// What a network for segmentation is trained on: equally large crops of images with their label maps, by
/// MMSegmentation's recipe. An image is resized, cropped, flipped, distorted in its colours, and filled up to the
/// right and below.
///
/// @param resize      a random size that keeps the ratio of the sides
/// @param crop        a random box without too much of one class
/// @param flip        probability that left and right are exchanged, in `[0, 1]`
/// @param photometric random changes of colours, if there are any
public record SegmentationCrops(
        RatioResize resize, CropByClass crop, double flip, Optional<PhotometricDistortion> photometric) {
    /// Highest counter word of the draws, "SEGM", so that no two purposes share a stream.
    private static final int STREAM = 0x5345474D;

    /// The recipe of PASCAL VOC 2012 with 512×512 pixels: sides of up to 2048 and 512 pixels times 0.5 … 2.
    public static final SegmentationCrops VOC = recipe(new RatioResize(2048, 512, 0.5, 2), 512);

    /// The recipe of Cityscapes with 769×769 pixels: sides of up to 2049 and 1025 pixels times 0.5 … 2.
    public static final SegmentationCrops CITYSCAPES = recipe(new RatioResize(2049, 1025, 0.5, 2), 769);

    private static SegmentationCrops recipe(RatioResize resize, int side) {
        return new SegmentationCrops(
                resize, CropByClass.square(side), 0.5, Optional.of(PhotometricDistortion.STANDARD));
    }

    /// @throws IllegalArgumentException if the probability is none
    public SegmentationCrops {
        if (!(flip >= 0 && flip <= 1)) {
            throw new IllegalArgumentException("the probability of a flip must lie in [0, 1], got " + flip);
        }
    }

    /// A crop, filled up to its size with black pixels and with [Target.LabelMap#IGNORED].
    ///
    /// The network is to see 0 there after normalising, which no byte is: what is filled is blanked by `width` and
    /// `height`.
    ///
    /// @param scene        `[crop height, crop width]`
    /// @param width,height of the part at the upper left that is image, in pixels
    public record Crop(Scene scene, int width, int height) {}

    /// The crop of an image for a step of training: a function of these alone.
    ///
    /// @throws org.jmoco.nn.data.DataException as [Scene#load]
    public Crop of(ImageSource source, int index, long seed, int step) {
        return of(Scene.load(source, index), draws(seed, index, step));
    }

    /// The draws of an image in a step.
    static Philox draws(long seed, int image, int step) {
        return new Philox(seed, image, step, STREAM);
    }

    Crop of(Scene scene, Philox draws) {
        RatioResize.Size size = resize.draw(scene.width(), scene.height(), draws);
        Target.LabelMap labels = OpenCvResize.nearest(scene.labels(), size.width(), size.height());
        PixelBox box = crop.draw(labels, draws);
        // Only what is cropped is resized: most of a large image is not.
        RgbImage image = OpenCvResize.bilinear(scene.image(), size.width(), size.height(), box);
        Scene cropped = new Scene(image, CropByClass.cut(labels, box));
        if (draws.nextDouble() < flip) {
            cropped = FlipScene.flip(cropped);
        }
        if (photometric.isPresent()) {
            cropped = new Scene(photometric.get().apply(cropped.image(), draws), cropped.labels());
        }
        return new Crop(padded(cropped, crop.width(), crop.height()), box.width(), box.height());
    }

    /// Fills up to the right and below.
    static Scene padded(Scene scene, int width, int height) {
        if (scene.width() == width && scene.height() == height) {
            return scene;
        }
        RgbImage image = new RgbImage(width, height);
        byte[] labels = new byte[width * height];
        Arrays.fill(labels, (byte) Target.LabelMap.IGNORED);
        for (int y = 0; y < scene.height(); y++) {
            int row = y * scene.width();
            System.arraycopy(scene.image().rgb(), 3 * row, image.rgb(), 3 * y * width, 3 * scene.width());
            System.arraycopy(scene.labels().classes(), row, labels, y * width, scene.width());
        }
        return new Scene(image, new Target.LabelMap(width, height, labels));
    }
}
