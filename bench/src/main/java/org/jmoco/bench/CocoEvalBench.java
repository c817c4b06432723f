package org.jmoco.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jmoco.eval.detections.Detection;
import org.jmoco.eval.detections.Detections;
import org.jmoco.eval.detections.DetectionsJson;
import org.jmoco.eval.metrics.CocoAp;
import org.jmoco.nn.data.dense.CocoAnnotations;
import org.jmoco.nn.data.dense.CocoInstances;
import org.jmoco.nn.data.source.Target;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// COCO's twelve numbers of [CocoShapedDetections], from files, beside COCO's own Python code
/// (`bench/peers/coco_eval.py`, which reads what this writes).
///
/// Arguments: a folder; the number of images, 5,000 by default; detections of each, 100 by default. The first run
/// counts, with all that a JVM does once, as the peer's only run does; a second one shows what that was.
final class CocoEvalBench {
    private static final long SEED = 20;

    private CocoEvalBench() {}

    public static void main(String[] args) throws IOException {
        Path folder = Files.createDirectories(Path.of(args[0]));
        int images = args.length > 1 ? Integer.parseInt(args[1]) : 5000;
        int detections = args.length > 2 ? Integer.parseInt(args[2]) : 100;
        if (args.length > 3) {
            measure(folder, CocoAp.Region.valueOf(args[3]));
            return;
        }
        CocoShapedDetections made = CocoShapedDetections.of(images, detections, SEED);
        write(folder.resolve("instances.json"), made.truth());
        DetectionsJson.write(folder.resolve("MASKS.json"), made.truth(), made.found());
        DetectionsJson.write(
                folder.resolve("BOXES.json"),
                made.truth(),
                made.found().stream().map(CocoEvalBench::boxes).toList());
        System.out.printf(
                Locale.ROOT,
                "%d images, %d objects, %d detections%n",
                images,
                made.truth().objects().stream()
                        .mapToInt(o -> o.instances().size())
                        .sum(),
                made.found().stream().mapToInt(Detections::size).sum());
    }

    private static Detections boxes(Detections found) {
        return new Detections(found.found().stream()
                .map(d -> new Detection(d.label(), d.score(), d.x(), d.y(), d.width(), d.height(), Optional.empty()))
                .toList());
    }

    /// Seconds of reading and of scoring, by the clock and of the processors, and the numbers, of two runs.
    private static void measure(Path folder, CocoAp.Region region) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int run = 0; run < 2; run++) {
            double[] start = {System.nanoTime() * 1e-9, cpu()};
            CocoAnnotations truth = CocoInstances.annotations(folder.resolve("instances.json"));
            List<Detections> found = DetectionsJson.read(folder.resolve(region + ".json"), truth);
            double[] read = {System.nanoTime() * 1e-9, cpu()};
            double[] numbers = CocoAp.measure(
                            truth.objects(), found, truth.classes().size(), region)
                    .numbers();
            double[] done = {System.nanoTime() * 1e-9, cpu()};
            String times = IntStream.range(0, 2)
                    .mapToObj(k -> (read[k] - start[k]) + " " + (done[k] - read[k]))
                    .collect(Collectors.joining(" "));
            lines.append(times).append('\n');
            lines.append(Arrays.stream(numbers).mapToObj(Double::toString).collect(Collectors.joining(" ")))
                    .append('\n');
        }
        Files.writeString(folder.resolve("jmoco-" + region + ".txt"), lines);
    }

    /// CPU time of all threads so far; on a busy machine it says more than the clock.
    private static double cpu() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime() * 1e-9;
    }

    private static void write(Path file, CocoAnnotations truth) {
        try (JsonGenerator json =
                new JsonFactory().createGenerator(ObjectWriteContext.empty(), file, JsonEncoding.UTF8)) {
            json.writeStartObject();
            json.writeArrayPropertyStart("images");
            for (int i = 0; i < truth.imageIds().size(); i++) {
                json.writeStartObject();
                json.writeNumberProperty("id", truth.imageIds().get(i));
                json.writeStringProperty("file_name", truth.files().get(i));
                json.writeNumberProperty("width", truth.objects().get(i).width());
                json.writeNumberProperty("height", truth.objects().get(i).height());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeArrayPropertyStart("categories");
            for (int c = 0; c < truth.classes().size(); c++) {
                json.writeStartObject();
                json.writeNumberProperty("id", truth.categoryIds().get(c));
                json.writeStringProperty("name", truth.classes().get(c));
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeArrayPropertyStart("annotations");
            int number = 1;
            for (int i = 0; i < truth.imageIds().size(); i++) {
                for (Target.Instance object : truth.objects().get(i).instances()) {
                    annotation(json, number++, truth, i, object);
                }
            }
            json.writeEndArray();
            json.writeEndObject();
        }
    }

    private static void annotation(
            JsonGenerator json, int number, CocoAnnotations truth, int image, Target.Instance object) {
        Target.Box box = object.box();
        json.writeStartObject();
        json.writeNumberProperty("id", number);
        json.writeNumberProperty("image_id", truth.imageIds().get(image));
        json.writeNumberProperty("category_id", truth.categoryIds().get(object.label()));
        json.writeNumberProperty("iscrowd", object.crowd() ? 1 : 0);
        json.writeNumberProperty("area", object.area());
        json.writeName("bbox");
        json.writeArray(new double[] {box.x0(), box.y0(), box.x1() - box.x0(), box.y1() - box.y0()}, 0, 4);
        json.writeArrayPropertyStart("segmentation");
        for (double[] ring : ((Target.Mask.Polygons) object.mask().orElseThrow()).rings()) {
            json.writeArray(ring, 0, ring.length);
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
