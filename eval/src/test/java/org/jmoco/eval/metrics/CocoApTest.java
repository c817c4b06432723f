package org.jmoco.eval.metrics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import org.jmoco.eval.detections.Detection;
import org.jmoco.eval.detections.Detections;
import org.jmoco.eval.detections.DetectionsJson;
import org.jmoco.eval.masks.Rle;
import org.jmoco.eval.metrics.CocoAp.Area;
import org.jmoco.eval.metrics.CocoAp.Region;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.dense.CocoAnnotations;
import org.jmoco.nn.data.dense.CocoInstances;
import org.jmoco.nn.data.source.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// Against COCO's own code (`make_coco.py` has made data and numbers), and worked by hand.
class CocoApTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"ties", "sizes", "crowds", "tiny"})
    void numbersAreCocos(String set) throws Exception {
        Map<String, double[]> expected = numbers(set);
        for (Region region : Region.values()) {
            CocoAp ap = CocoAp.measure(file(set + "-instances.json"), file(set + "-detections.json"), region);
            String kind = region == Region.BOXES ? "bbox" : "segm";
            assertArrayEquals(expected.get(kind), minusOneForNaN(ap.numbers()), 1e-9, set + " " + kind);
            double[] classes = expected.get(kind + "-classes");
            for (int c = 0; c < classes.length; c++) {
                assertEquals(classes[c], minusOneForNaN(ap.apOfClass(c))[0], 1e-9, set + " " + kind + " class " + c);
            }
        }
    }

    /// Also polygons in two parts, and runs as numbers.
    @ParameterizedTest
    @ValueSource(strings = {"ties", "sizes", "crowds", "tiny"})
    void annotatedMasksAreCocos(String set) throws Exception {
        CocoAnnotations truth = CocoInstances.annotations(file(set + "-instances.json"));
        Map<Long, List<String>> byImage = new TreeMap<>();
        List<Long> images = images(set);
        List<String> texts = texts(set);
        for (int i = 0; i < texts.size(); i++) {
            byImage.computeIfAbsent(images.get(i), id -> new ArrayList<>()).add(texts.get(i));
        }
        int compared = 0;
        int united = 0;
        for (int i = 0; i < truth.imageIds().size(); i++) {
            Target.Objects objects = truth.objects().get(i);
            for (int o = 0; o < objects.instances().size(); o++) {
                Target.Mask mask = objects.instances().get(o).mask().orElseThrow();
                united += mask instanceof Target.Mask.Polygons p && p.rings().size() > 1 ? 1 : 0;
                String text = byImage.get(truth.imageIds().get(i)).get(o);
                assertEquals(
                        text, Rle.of(mask, objects.height(), objects.width()).text());
                compared++;
            }
        }
        assertEquals(texts.size(), compared);
        assertTrue(united > 3, united + " masks in two parts");
    }

    @Test
    void anyNumberOfThreadsGivesTheSameBits() throws Exception {
        CocoAnnotations truth = CocoInstances.annotations(file("sizes-instances.json"));
        List<Detections> found = DetectionsJson.read(file("sizes-detections.json"), truth);
        List<double[]> all = new ArrayList<>();
        for (int threads : new int[] {1, 2, 5}) {
            try (ForkJoinPool pool = new ForkJoinPool(threads)) {
                all.add(pool.submit(() -> CocoAp.measure(truth.objects(), found, 5, Region.MASKS)
                                .numbers())
                        .get());
            }
        }
        assertArrayEquals(all.get(0), all.get(1));
        assertArrayEquals(all.get(0), all.get(2));
    }

    /// Two objects; found are one exactly, then one a second time, then nothing, then the other at IoU 3/4.
    @Test
    void workedByHand() {
        Target.Objects truth = objects(box(0, 0, 10, 10), box(20, 0, 30, 10));
        Detections found = new Detections(List.of(
                found(.9, 0, 0, 10, 10), found(.8, 0, 0, 10, 10), found(.6, 20, 0, 7.5, 10), found(.7, 50, 50, 9, 9)));
        CocoAp ap = CocoAp.measure(List.of(truth), List.of(found), 1, Region.BOXES);
        // Precision 1 up to recall 1/2 (51 points), 2/4 beyond: at the thresholds 0.5 to 0.75; else 1 and then 0.
        double low = (51 + 50 * 0.5) / 101;
        double high = 51 / 101.0;
        assertEquals(low, ap.ap50(), 1e-15);
        assertEquals(low, ap.ap75(), 1e-15);
        assertEquals((6 * low + 4 * high) / 10, ap.ap(), 1e-15);
        assertEquals(ap.ap(), ap.ap(Area.SMALL), 1e-15);
        assertTrue(Double.isNaN(ap.ap(Area.LARGE)));
        double[] numbers = ap.numbers();
        assertEquals(0.5, numbers[CocoAp.NAMES.indexOf("AR1")], 1e-15);
        assertEquals((6 * 1 + 4 * 0.5) / 10, numbers[CocoAp.NAMES.indexOf("AR10")], 1e-15);
    }

    /// Weights of images give the numbers of the images that are left, matched anew.
    @Test
    void resamplesOfImagesAreMeasuresOfTheirCopies() throws Exception {
        CocoAnnotations truth = CocoInstances.annotations(file("ties-instances.json"));
        List<Detections> found = DetectionsJson.read(file("ties-detections.json"), truth);
        MatchedDetections matched =
                CocoAp.measure(truth.objects(), found, 5, Region.BOXES).matched(Area.ALL);
        int[] times = IntStream.range(0, found.size())
                .map(i -> i % 3 == 0 ? 0 : i % 2)
                .toArray();
        List<Target.Objects> some = new ArrayList<>();
        List<Detections> ofSome = new ArrayList<>();
        for (int i = 0; i < times.length; i++) {
            if (times[i] == 1) {
                some.add(truth.objects().get(i));
                ofSome.add(found.get(i));
            }
        }
        double whole = CocoAp.measure(some, ofSome, 5, Region.BOXES).ap();
        assertTrue(whole > 0.01);
        assertEquals(whole, matched.meanAveragePrecision(Interpolation.POINTS_101, times), 1e-12);
        assertEquals(
                CocoAp.measure(some, ofSome, 5, Region.BOXES).ap50(),
                matched.at(CocoAp.AT_50).meanAveragePrecision(Interpolation.POINTS_101, times),
                1e-12);
        assertTrue(Double.isNaN(matched.meanAveragePrecision(Interpolation.POINTS_101, new int[times.length])));
    }

    @Test
    void whatDoesNotFitIsRefused() throws Exception {
        List<Target.Objects> truth = List.of(objects(box(0, 0, 10, 10)));
        Detections none = Detections.NONE;
        assertThrows(IllegalArgumentException.class, () -> CocoAp.measure(truth, List.of(), 1, Region.BOXES));
        assertThrows(IllegalArgumentException.class, () -> CocoAp.measure(List.of(), List.of(), 1, Region.BOXES));
        assertThrows(IllegalArgumentException.class, () -> CocoAp.measure(truth, List.of(none), 0, Region.BOXES));
        assertThrows(IllegalArgumentException.class, () -> CocoAp.measure(truth, List.of(none), 1, Region.MASKS));
        Path found = Files.writeString(folder.resolve("d.json"), "[]");
        refused("[]", found, "i.json: image 1 has an object without a mask");
        refused("{\"size\": [9, 8], \"counts\": [72]}", found, "image 1 has a mask that does not fit it");
        refused("{\"size\": [9, 9], \"counts\": [72]}", found, "image 1 has a mask that does not fit it");
        Path instances = instances("[]");
        assertEquals(0, CocoAp.measure(instances, found, Region.BOXES).ap());
    }

    private void refused(String mask, Path found, String words) throws IOException {
        Path instances = instances(mask);
        DataException e = assertThrows(DataException.class, () -> CocoAp.measure(instances, found, Region.MASKS));
        assertTrue(e.getMessage().contains(words), e.getMessage());
    }

    /// One object in an image of 9×9 pixels.
    private Path instances(String mask) throws IOException {
        return Files.writeString(folder.resolve("i.json"), """
                {"images": [{"id": 1, "file_name": "a", "width": 9, "height": 9}], "categories": [{"id": 1, "name": "a"}],
                 "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [0, 0, 3, 3], "segmentation": %s}]}
                """.formatted(mask));
    }

    private static Target.Instance box(double x0, double y0, double x1, double y1) {
        return new Target.Instance(
                0, new Target.Box(x0, y0, x1, y1), (x1 - x0) * (y1 - y0), false, false, Optional.empty());
    }

    private static Target.Objects objects(Target.Instance... instances) {
        return new Target.Objects(100, 100, List.of(instances));
    }

    private static Detection found(double score, double x, double y, double width, double height) {
        return new Detection(0, score, x, y, width, height, Optional.empty());
    }

    private static double[] minusOneForNaN(double... numbers) {
        return IntStream.range(0, numbers.length)
                .mapToDouble(i -> Double.isNaN(numbers[i]) ? -1 : numbers[i])
                .toArray();
    }

    private Path file(String name) throws IOException {
        Path file = folder.resolve(name);
        if (!Files.exists(file)) {
            try (InputStream in = CocoApTest.class.getResourceAsStream(name)) {
                Files.copy(in, file);
            }
        }
        return file;
    }

    private Map<String, double[]> numbers(String set) throws IOException {
        Map<String, double[]> numbers = new TreeMap<>();
        try (JsonParser json = parser(set + "-expected.json")) {
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                List<Double> values = new ArrayList<>();
                json.nextToken();
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    if (json.currentToken().isNumeric()) {
                        values.add(json.getDoubleValue());
                    }
                }
                numbers.put(
                        name, values.stream().mapToDouble(Double::doubleValue).toArray());
            }
        }
        return numbers;
    }

    private List<String> texts(String set) throws IOException {
        List<String> texts = new ArrayList<>();
        try (JsonParser json = parser(set + "-expected.json")) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token == JsonToken.VALUE_STRING) {
                    texts.add(json.getString());
                }
            }
        }
        return texts;
    }

    /// The image of every annotation.
    private List<Long> images(String set) throws IOException {
        List<Long> images = new ArrayList<>();
        try (JsonParser json = parser(set + "-instances.json")) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token == JsonToken.PROPERTY_NAME && json.currentName().equals("image_id")) {
                    json.nextToken();
                    images.add(json.getLongValue());
                }
            }
        }
        return images;
    }

    private JsonParser parser(String name) throws IOException {
        JsonParser json = new JsonFactory().createParser(ObjectReadContext.empty(), file(name));
        json.nextToken();
        return json;
    }
}
