package org.jmoco.eval.detect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jmoco.eval.boxes.Boxes;
import org.jmoco.eval.masks.MaskTarget;
import org.jmoco.nn.Stem;
import org.jmoco.nn.data.dense.AspectGroups;
import org.jmoco.nn.data.dense.ObjectScene;
import org.jmoco.nn.data.dense.ObjectViews;
import org.jmoco.nn.data.dense.RatioResize;
import org.jmoco.nn.data.loader.BatchesAhead;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.data.source.Target;

/// Batches of images with what is learnt of them, made ahead by worker threads and handed out in order, each as a
/// list of the parts that are computed at once. A batch is a function of source, recipe, seed and step.
///
/// An image that cannot be read ends the stream: no other one takes its place. One thread may use it.
public final class DetectBatches implements AutoCloseable {
    private final ImageSource source;
    private final DetectConfig config;
    private final ObjectViews views;
    private final RpnTargets targets;
    private final AspectGroups groups;
    private final BatchesAhead<List<DetectBatch>> ahead;

    /// @param source  with the objects to find, as [DetectData] has them   @param stem of the encoder
    /// @param done    steps done already   @param threads that read and resize
    public DetectBatches(ImageSource source, DetectConfig config, Stem stem, long done, int threads) {
        this.source = source;
        this.config = config;
        views = config.views().pipeline(config.flavour());
        targets = new RpnTargets(config, stem);
        groups = AspectGroups.of(source, config.views().group(), config.seed());
        groups.skip(done * config.recipe().batch() / config.views().group());
        ahead = new BatchesAhead<>(this::plan, done, threads, "views");
    }

    /// The next batch.
    ///
    /// @throws org.jmoco.nn.data.DataException if an image cannot be read, or is not as large as its annotation
    ///     says, naming it
    public List<DetectBatch> next() {
        return ahead.next();
    }

    private BatchesAhead.Work<List<DetectBatch>> plan(long step) {
        List<Runnable> places = new ArrayList<>();
        List<Part> parts = new ArrayList<>();
        for (int p = 0; p < config.recipe().parts(); p++) {
            Part part = new Part(members(), Math.toIntExact(step));
            for (int slot = 0; slot < part.numbers.length; slot++) {
                int here = slot;
                places.add(() -> part.fill(here));
            }
            parts.add(part);
        }
        return new BatchesAhead.Work<>(
                places, () -> parts.stream().map(Part::batch).toList());
    }

    /// The images of the next part.
    private int[] members() {
        int count = config.recipe().imagesAtOnce() / config.views().group();
        return groups.next(count).stream().flatMapToInt(Arrays::stream).toArray();
    }

    /// Images that are computed at once. Their sizes follow from the annotations, before any is read.
    private final class Part {
        private final int[] numbers;
        private final int step;
        private final List<ObjectViews.Geometry> geometries = new ArrayList<>();
        private final RpnTargets.Size padded;
        private final byte[] pixels;
        private final DetectBatch.Image[] images;

        Part(int[] numbers, int step) {
            this.numbers = numbers;
            this.step = step;
            int height = 1;
            int width = 1;
            for (int number : numbers) {
                Target.Objects objects = ObjectScene.objects(source, number);
                RatioResize.Size size = new RatioResize.Size(objects.width(), objects.height());
                ObjectViews.Geometry geometry = views.geometry(size, number, config.seed(), step);
                height = Math.max(height, geometry.to().height());
                width = Math.max(width, geometry.to().width());
                geometries.add(geometry);
            }
            int multiple = config.flavour().padding(config.model().detector());
            padded = new RpnTargets.Size(
                    Math.ceilDiv(height, multiple) * multiple, Math.ceilDiv(width, multiple) * multiple);
            pixels = new byte[Math.multiplyExact(numbers.length * padded.height() * 3, padded.width())];
            images = new DetectBatch.Image[numbers.length];
        }

        void fill(int slot) {
            int number = numbers[slot];
            ObjectViews.View view = views.view(ObjectScene.load(source, number), geometries.get(slot));
            int width = view.image().width();
            int height = view.image().height();
            for (int y = 0; y < height; y++) {
                int row = (slot * padded.height() + y) * padded.width();
                System.arraycopy(view.image().rgb(), 3 * y * width, pixels, 3 * row, 3 * width);
            }
            List<Target.Instance> found = new ArrayList<>();
            List<Target.Box> boxes = new ArrayList<>();
            for (int i = 0; i < view.boxes().size(); i++) {
                if (isThere(view.boxes().get(i))) {
                    found.add(view.objects().get(i));
                    boxes.add(view.boxes().get(i));
                }
            }
            Boxes objects = boxes(boxes);
            images[slot] = new DetectBatch.Image(
                    number,
                    height,
                    width,
                    objects,
                    found.stream().mapToInt(Target.Instance::label).toArray(),
                    config.model().masks() ? masks(found, view.geometry()) : List.of(),
                    targets.of(
                            objects,
                            new RpnTargets.Size(height, width),
                            padded,
                            new RpnTargets.Draw(config.seed(), step, number)));
        }

        private List<MaskTarget> masks(List<Target.Instance> objects, ObjectViews.Geometry view) {
            return objects.stream()
                    .map(o -> o.mask().orElseThrow())
                    .map(mask -> config.flavour().drawsPolygons()
                            ? MaskTarget.polygons(mask, view)
                            : MaskTarget.bitmap(mask, view, padded.height(), padded.width()))
                    .toList();
        }

        DetectBatch batch() {
            return new DetectBatch(padded.height(), padded.width(), pixels, List.of(images));
        }
    }

    /// Whether something is left of a box that was cut to its image.
    private static boolean isThere(Target.Box box) {
        return (float) box.x1() > (float) box.x0() && (float) box.y1() > (float) box.y0();
    }

    private static Boxes boxes(List<Target.Box> boxes) {
        float[] sides = new float[4 * boxes.size()];
        for (int i = 0; i < boxes.size(); i++) {
            sides[4 * i] = (float) boxes.get(i).x0();
            sides[4 * i + 1] = (float) boxes.get(i).y0();
            sides[4 * i + 2] = (float) boxes.get(i).x1();
            sides[4 * i + 3] = (float) boxes.get(i).y1();
        }
        return Boxes.of(sides);
    }

    @Override
    public void close() {
        ahead.close();
    }
}
