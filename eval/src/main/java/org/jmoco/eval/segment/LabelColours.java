package org.jmoco.eval.segment;

import java.util.Arrays;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.Target.LabelMap;

/// Label maps for people: every class in its colour of PASCAL VOC's palette, laid over the image or by itself.
public final class LabelColours {
    private static final int GAP = 4;

    private LabelColours() {}

    /// Red, green and blue of a class as `0xRRGGBB`: its bits, spread over the three from the highest down.
    public static int of(int label) {
        int red = 0;
        int green = 0;
        int blue = 0;
        for (int bit = 0; bit < 8; bit++) {
            int three = label >> 3 * bit;
            red |= (three & 1) << 7 - bit;
            green |= (three >> 1 & 1) << 7 - bit;
            blue |= (three >> 2 & 1) << 7 - bit;
        }
        return red << 16 | green << 8 | blue;
    }

    /// A label map over its image: half of either; the image alone where the class is 0 or none.
    public static RgbImage over(RgbImage image, LabelMap labels) {
        byte[] rgb = image.rgb().clone();
        for (int at = 0; at < labels.classes().length; at++) {
            int label = labels.classes()[at] & 0xFF;
            if (label != 0 && label != LabelMap.IGNORED) {
                int colour = of(label);
                for (int channel = 0; channel < 3; channel++) {
                    int mixed = (rgb[3 * at + channel] & 0xFF) + (colour >> 16 - 8 * channel & 0xFF);
                    rgb[3 * at + channel] = (byte) (mixed / 2);
                }
            }
        }
        return new RgbImage(image.width(), image.height(), rgb);
    }

    /// A label map by itself; pixels without a class are white.
    public static RgbImage alone(LabelMap labels) {
        byte[] rgb = new byte[labels.classes().length * 3];
        for (int at = 0; at < labels.classes().length; at++) {
            int label = labels.classes()[at] & 0xFF;
            int colour = label == LabelMap.IGNORED ? 0xFFFFFF : of(label);
            for (int channel = 0; channel < 3; channel++) {
                rgb[3 * at + channel] = (byte) (colour >> 16 - 8 * channel);
            }
        }
        return new RgbImage(labels.width(), labels.height(), rgb);
    }

    /// Images of equal height from left to right, white between them.
    public static RgbImage beside(RgbImage... images) {
        int height = images[0].height();
        int width = -GAP;
        for (RgbImage image : images) {
            width += image.width() + GAP;
        }
        byte[] rgb = new byte[width * height * 3];
        Arrays.fill(rgb, (byte) 0xFF);
        int left = 0;
        for (RgbImage image : images) {
            for (int y = 0; y < height; y++) {
                System.arraycopy(image.rgb(), y * image.width() * 3, rgb, (y * width + left) * 3, image.width() * 3);
            }
            left += image.width() + GAP;
        }
        return new RgbImage(width, height, rgb);
    }
}
