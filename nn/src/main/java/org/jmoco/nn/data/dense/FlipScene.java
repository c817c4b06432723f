package org.jmoco.nn.data.dense;

import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.Target;

/// Left and right exchanged, in the image and in what is known of it.
final class FlipScene {
    private FlipScene() {}

    static Scene flip(Scene scene) {
        byte[] flipped = flip(scene.labels().classes(), scene.width(), 1);
        return new Scene(flip(scene.image()), new Target.LabelMap(scene.width(), scene.height(), flipped));
    }

    static RgbImage flip(RgbImage image) {
        return new RgbImage(image.width(), image.height(), flip(image.rgb(), image.width(), 3));
    }

    private static byte[] flip(byte[] pixels, int width, int bytes) {
        byte[] flipped = new byte[pixels.length];
        for (int row = 0; row < pixels.length; row += bytes * width) {
            for (int x = 0; x < width; x++) {
                System.arraycopy(pixels, row + bytes * x, flipped, row + bytes * (width - 1 - x), bytes);
            }
        }
        return flipped;
    }
}
