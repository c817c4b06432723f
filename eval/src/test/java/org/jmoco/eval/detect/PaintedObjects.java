package org.jmoco.eval.detect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.data.source.Target;
import org.jmoco.tensor.random.Philox;

/// Noisy images, some wide and some high, with a red and a green rectangle each, whose boxes and masks are exact.
/// Every fourth has a crowd too, every fifth a difficult object.
record PaintedObjects(int size, long seed) implements ImageSource {
    static final List<String> NAMES = List.of("red", "green");
    private static final int LONG = 52;
    private static final int SHORT = 40;

    @Override
    public String name(int index) {
        return "painted " + index;
    }

    @Override
    public Target.Kind targets() {
        return Target.Kind.OBJECTS;
    }

    private static int width(int index) {
        return index % 3 == 0 ? SHORT : LONG;
    }

    private static int height(int index) {
        return index % 3 == 0 ? LONG : SHORT;
    }

    @Override
    public Target target(int index) {
        List<Target.Instance> objects = new ArrayList<>();
        for (int c = 0; c < 2; c++) {
            objects.add(instance(c, box(index, c), false, false));
        }
        if (index % 4 == 3) {
            objects.add(instance(0, new Target.Box(1, 1, 12, 9), false, true));
        }
        if (index % 5 == 4) {
            objects.add(instance(1, new Target.Box(3, 2, 20, 30), true, false));
        }
        return new Target.Objects(width(index), height(index), objects);
    }

    private static Target.Instance instance(int label, Target.Box b, boolean difficult, boolean crowd) {
        double[] ring = {b.x0(), b.y0(), b.x1(), b.y0(), b.x1(), b.y1(), b.x0(), b.y1()};
        double area = (b.x1() - b.x0()) * (b.y1() - b.y0());
        return new Target.Instance(
                label, b, area, difficult, crowd, Optional.of(new Target.Mask.Polygons(List.of(ring))));
    }

    private Target.Box box(int index, int c) {
        Philox draws = new Philox(seed, index, c, 1);
        int left = draws.below(width(index) - 18);
        int top = draws.below(height(index) - 16);
        return new Target.Box(left, top, left + 18, top + 16);
    }

    @Override
    public List<String> classes() {
        return NAMES;
    }

    @Override
    public RgbImage load(int index) {
        Philox noise = new Philox(seed, index, 0, 2);
        int width = width(index);
        byte[] rgb = new byte[width * height(index) * 3];
        int[] shown = new int[rgb.length / 3];
        Arrays.fill(shown, -1);
        for (int c = 0; c < 2; c++) {
            Target.Box b = box(index, c);
            for (int y = (int) b.y0(); y < b.y1(); y++) {
                Arrays.fill(shown, y * width + (int) b.x0(), y * width + (int) b.x1(), c);
            }
        }
        for (int at = 0; at < shown.length; at++) {
            for (int channel = 0; channel < 3; channel++) {
                rgb[3 * at + channel] = (byte) (noise.below(120) + (shown[at] == channel ? 130 : 0));
            }
        }
        return new RgbImage(width, height(index), rgb);
    }
}
