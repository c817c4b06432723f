package org.jmoco.eval.detect;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.data.source.Target;
import org.jmoco.tensor.random.Philox;

/// Images of noise with some objects each, to try a training on before its data is there. All have the same
/// pixels.
final class NoiseObjects implements ImageSource {
    private static final int IMAGES = 1024;
    /// As many as an image of COCO has.
    private static final int OBJECTS = 7;

    private final RgbImage picture;
    private final int classes;

    /// @param width,height in pixels   @param classes of objects
    NoiseObjects(int width, int height, int classes) {
        this.classes = classes;
        byte[] rgb = new byte[Math.multiplyExact(3 * height, width)];
        Philox draws = new Philox(0, 0, 0, 0);
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) draws.below(256);
        }
        picture = new RgbImage(width, height, rgb);
    }

    @Override
    public int size() {
        return IMAGES;
    }

    @Override
    public String name(int index) {
        return "noise " + index;
    }

    @Override
    public Target.Kind targets() {
        return Target.Kind.OBJECTS;
    }

    /// Rectangles of a quarter to a half of either side.
    @Override
    public Target target(int index) {
        Philox draws = new Philox(0, index, 0, 1);
        List<Target.Instance> objects = new ArrayList<>();
        for (int i = 0; i < OBJECTS; i++) {
            int[] x = span(picture.width(), draws);
            int[] y = span(picture.height(), draws);
            double[] ring = {x[0], y[0], x[1], y[0], x[1], y[1], x[0], y[1]};
            objects.add(new Target.Instance(
                    draws.below(classes),
                    new Target.Box(x[0], y[0], x[1], y[1]),
                    (x[1] - x[0]) * (double) (y[1] - y[0]),
                    false,
                    false,
                    Optional.of(new Target.Mask.Polygons(List.of(ring)))));
        }
        return new Target.Objects(picture.width(), picture.height(), objects);
    }

    private static int[] span(int side, Philox draws) {
        int extent = Math.max(1, side / 4 + draws.below(Math.max(1, side / 4)));
        int from = draws.below(Math.max(1, side - extent));
        return new int[] {from, Math.min(side, from + extent)};
    }

    @Override
    public List<String> classes() {
        return IntStream.range(0, classes).mapToObj(c -> "class " + c).toList();
    }

    @Override
    public RgbImage load(int index) {
        return picture;
    }
}
