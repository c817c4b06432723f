package org.jmoco.nn.data.source;

import java.io.IOException;
import java.io.InputStream;
import java.util.stream.IntStream;
import org.jmoco.nn.data.image.ImageDecoder;
import org.jmoco.nn.data.image.RgbImage;

/// The real images that come with the project: a balanced tenth of CIFAR-10, 4,000 of the official training images
/// and 1,000 of the official test images, in two PNG sheets. `NOTICE.md` beside the sheets tells their origin.
///
/// A sheet is a grid of images of 32×32 pixels, row by row, class after class: with k images a class, image i has
/// the class i/k.
public final class BundledSample {
    /// Images of each class in the two parts.
    public static final int TRAIN_PER_CLASS = 400;

    public static final int TEST_PER_CLASS = 100;

    /// Images in a row of a sheet.
    static final int COLUMNS = 50;

    private BundledSample() {}

    /// 4,000 images, 400 of each class of [Cifar10#CLASSES].
    public static InMemoryImages train() {
        return read("train", TRAIN_PER_CLASS);
    }

    /// 1,000 images, 100 of each class.
    public static InMemoryImages test() {
        return read("test", TEST_PER_CLASS);
    }

    private static InMemoryImages read(String part, int perClass) {
        RgbImage sheet;
        try (InputStream in = BundledSample.class.getResourceAsStream("sample/" + part + ".png")) {
            sheet = ImageDecoder.STANDARD.decode(in.readAllBytes(), "bundled sample " + part);
        } catch (IOException e) {
            throw new IllegalStateException("the bundled sample cannot be read", e);
        }
        int count = perClass * Cifar10.CLASSES.size();
        byte[] pixels = new byte[count * 3 * Cifar10.PLANE];
        for (int image = 0; image < count; image++) {
            for (int y = 0; y < Cifar10.SIDE; y++) {
                System.arraycopy(
                        sheet.rgb(),
                        placeInSheet(image, y),
                        pixels,
                        3 * (image * Cifar10.PLANE + y * Cifar10.SIDE),
                        3 * Cifar10.SIDE);
            }
        }
        int[] labels = IntStream.range(0, count).map(i -> i / perClass).toArray();
        return new InMemoryImages("sample " + part, Cifar10.SIDE, Cifar10.SIDE, 3, pixels, labels, Cifar10.CLASSES);
    }

    /// Where row `y` of an image begins in its sheet's bytes.
    static int placeInSheet(int image, int y) {
        int row = image / COLUMNS * Cifar10.SIDE + y;
        return 3 * Cifar10.SIDE * (row * COLUMNS + image % COLUMNS);
    }
}
