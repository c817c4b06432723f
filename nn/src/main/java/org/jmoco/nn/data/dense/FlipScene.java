package org.jmoco.nn.data.dense;

import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.Target;

/// Left and right exchanged, in the image and in what is known of it.
final class FlipScene {
    private FlipScene() {}

    static Scene flip(Scene scene) {
        int width = scene.width();
        int height = scene.height();
        byte[] rgb = scene.image().rgb();
        byte[] classes = scene.labels().classes();
        byte[] flippedRgb = new byte[rgb.length];
        byte[] flippedClasses = new byte[classes.length];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int from = y * width + x;
                int to = y * width + width - 1 - x;
                flippedClasses[to] = classes[from];
                System.arraycopy(rgb, 3 * from, flippedRgb, 3 * to, 3);
            }
        }
        return new Scene(new RgbImage(width, height, flippedRgb), new Target.LabelMap(width, height, flippedClasses));
    }
}
