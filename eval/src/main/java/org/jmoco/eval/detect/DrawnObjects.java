package org.jmoco.eval.detect;

import java.util.List;
import java.util.Optional;
import org.jmoco.eval.detections.Detections;
import org.jmoco.eval.masks.Rle;
import org.jmoco.eval.segment.LabelColours;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.Target;

/// Objects for people: boxes and masks over an image, each class in its colour of PASCAL VOC's palette.
public final class DrawnObjects {
    /// Detections of a lower score are not drawn.
    public static final double SURE = 0.5;

    private DrawnObjects() {}

    /// What is annotated.
    public static RgbImage truth(RgbImage image, List<Target.Instance> objects) {
        RgbImage drawn = copy(image);
        for (Target.Instance o : objects) {
            draw(drawn, o.label(), o.box(), o.mask().map(m -> Rle.of(m, image.height(), image.width())));
        }
        return drawn;
    }

    /// What was found with a score of at least [#SURE], the surest on top.
    public static RgbImage found(RgbImage image, Detections found) {
        RgbImage drawn = copy(image);
        for (var d : found.found().reversed()) {
            if (d.score() >= SURE) {
                draw(drawn, d.label(), new Target.Box(d.x(), d.y(), d.right(), d.bottom()), d.mask());
            }
        }
        return drawn;
    }

    private static RgbImage copy(RgbImage image) {
        return new RgbImage(image.width(), image.height(), image.rgb().clone());
    }

    private static void draw(RgbImage image, int label, Target.Box box, Optional<Rle> mask) {
        int colour = LabelColours.of(label + 1);
        mask.ifPresent(m -> {
            boolean[] inside = m.toMask();
            for (int at = 0; at < inside.length; at++) {
                if (inside[at]) {
                    mix(image.rgb(), at, colour);
                }
            }
        });
        int left = Math.clamp((int) Math.floor(box.x0()), 0, image.width() - 1);
        int right = Math.clamp((int) Math.ceil(box.x1()) - 1, left, image.width() - 1);
        int top = Math.clamp((int) Math.floor(box.y0()), 0, image.height() - 1);
        int bottom = Math.clamp((int) Math.ceil(box.y1()) - 1, top, image.height() - 1);
        int line = Math.max(1, Math.min(image.width(), image.height()) / 200);
        for (int i = 0; i < line; i++) {
            for (int x = left; x <= right; x++) {
                set(image, x, Math.min(top + i, bottom), colour);
                set(image, x, Math.max(bottom - i, top), colour);
            }
            for (int y = top; y <= bottom; y++) {
                set(image, Math.min(left + i, right), y, colour);
                set(image, Math.max(right - i, left), y, colour);
            }
        }
    }

    private static void mix(byte[] rgb, int at, int colour) {
        for (int channel = 0; channel < 3; channel++) {
            int mixed = (rgb[3 * at + channel] & 0xFF) + (colour >> 16 - 8 * channel & 0xFF);
            rgb[3 * at + channel] = (byte) (mixed / 2);
        }
    }

    private static void set(RgbImage image, int x, int y, int colour) {
        for (int channel = 0; channel < 3; channel++) {
            image.rgb()[3 * (y * image.width() + x) + channel] = (byte) (colour >> 16 - 8 * channel);
        }
    }
}
