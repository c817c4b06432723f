package org.jmoco.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jmoco.eval.detections.Detection;
import org.jmoco.eval.detections.Detections;
import org.jmoco.eval.masks.Polygon;
import org.jmoco.nn.data.dense.CocoAnnotations;
import org.jmoco.nn.data.source.Target;
import org.jmoco.tensor.random.Philox;

/// Objects and detections of the size of COCO's val2017: 640×480 pixels, 80 classes of which some are frequent,
/// about seven objects an image, one in a hundred a crowd, outlined by some 20 corners. Of the detections some lie
/// near an object, in its class as a rule and with a high score, the others anywhere. All follows from the seed.
///
/// @param found   a fixed number an image, with masks
record CocoShapedDetections(CocoAnnotations truth, List<Detections> found) {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 480;
    private static final int CLASSES = 80;
    private static final int MOST_OBJECTS = 14;

    private record Made(Target.Objects objects, Detections found) {}

    static CocoShapedDetections of(int images, int detections, long seed) {
        List<Made> made = IntStream.range(0, images)
                .parallel()
                .mapToObj(i -> image(new Philox(seed, i, 0, 0), detections))
                .toList();
        List<Long> ids = IntStream.range(0, images).mapToObj(i -> 3L * i + 1).toList();
        CocoAnnotations truth = new CocoAnnotations(
                ids,
                ids.stream().map(id -> id + ".jpg").toList(),
                made.stream().map(Made::objects).toList(),
                IntStream.range(0, CLASSES).mapToObj(c -> c + 1L).toList(),
                IntStream.range(0, CLASSES).mapToObj(c -> "class " + c).toList());
        return new CocoShapedDetections(truth, made.stream().map(Made::found).toList());
    }

    private static Made image(Philox draws, int detections) {
        List<Target.Instance> objects = new ArrayList<>();
        for (int o = draws.below(MOST_OBJECTS + 1); o > 0; o--) {
            Target.Box box = box(draws);
            List<double[]> outline = List.of(outline(draws, box));
            double area = Polygon.toRle(outline, HEIGHT, WIDTH).area();
            objects.add(new Target.Instance(
                    label(draws),
                    box,
                    area,
                    false,
                    draws.below(100) == 0,
                    Optional.of(new Target.Mask.Polygons(outline))));
        }
        List<Detection> found = new ArrayList<>();
        for (int d = 0; d < detections; d++) {
            boolean near = d < 4 * objects.size();
            Target.Instance object = near ? objects.get(d % objects.size()) : null;
            Target.Box box = near ? moved(draws, object.box()) : box(draws);
            int label = near && draws.below(10) > 0 ? object.label() : label(draws);
            double score = hundredths(near ? 1 - Math.pow(draws.nextDouble(), 0.7) : 0.3 * draws.nextDouble()) + 0.01;
            found.add(new Detection(
                    label,
                    score,
                    box.x0(),
                    box.y0(),
                    hundredths(box.x1() - box.x0()),
                    hundredths(box.y1() - box.y0()),
                    Optional.of(Polygon.toRle(List.of(outline(draws, box)), HEIGHT, WIDTH))));
        }
        return new Made(new Target.Objects(WIDTH, HEIGHT, objects), new Detections(found));
    }

    /// Sides of 8 to 400 pixels, small ones most often.
    private static Target.Box box(Philox draws) {
        double w = Math.min(8 * Math.pow(50, draws.nextDouble()), WIDTH - 1);
        double h = Math.min(8 * Math.pow(50, draws.nextDouble()), HEIGHT - 1);
        return cut(draws.nextDouble() * (WIDTH - w), draws.nextDouble() * (HEIGHT - h), w, h);
    }

    private static Target.Box moved(Philox draws, Target.Box box) {
        double w = box.x1() - box.x0();
        double h = box.y1() - box.y0();
        double x = box.x0() + 0.1 * w * draws.nextNormal();
        double y = box.y0() + 0.1 * h * draws.nextNormal();
        return cut(x, y, w * Math.exp(0.1 * draws.nextNormal()), h * Math.exp(0.1 * draws.nextNormal()));
    }

    private static Target.Box cut(double x, double y, double w, double h) {
        return new Target.Box(
                hundredths(Math.clamp(x, 0, WIDTH - 2)),
                hundredths(Math.clamp(y, 0, HEIGHT - 2)),
                hundredths(Math.clamp(x + w, 2, WIDTH)),
                hundredths(Math.clamp(y + h, 2, HEIGHT)));
    }

    private static double hundredths(double v) {
        return Math.rint(100 * v) / 100;
    }

    private static int label(Philox draws) {
        return (int) (CLASSES * Math.pow(draws.nextDouble(), 2));
    }

    private static double[] outline(Philox draws, Target.Box box) {
        int corners = 12 + draws.below(16);
        double[] ring = new double[2 * corners];
        for (int k = 0; k < corners; k++) {
            double angle = 2 * Math.PI * k / corners;
            double radius = 0.5 * (0.75 + 0.25 * draws.nextDouble());
            ring[2 * k] = hundredths(box.x0() + (0.5 + radius * Math.cos(angle)) * (box.x1() - box.x0()));
            ring[2 * k + 1] = hundredths(box.y0() + (0.5 + radius * Math.sin(angle)) * (box.y1() - box.y0()));
        }
        return ring;
    }
}
