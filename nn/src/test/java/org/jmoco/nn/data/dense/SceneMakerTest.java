package org.jmoco.nn.data.dense;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.image.ImageDecoder;
import org.jmoco.nn.data.source.BundledSample;
import org.jmoco.nn.data.source.DataSpec;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.data.source.InMemoryImages;
import org.jmoco.nn.data.source.Split;
import org.jmoco.nn.data.source.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SceneMakerTest {
    private static final SceneMaker MAKER = SceneMaker.STANDARD;
    private static final ImageSource IMAGES = BundledSample.test();

    @TempDir
    Path root;

    @Test
    void masksBoxesAndLabelsAgree() {
        int[] objects = new int[5];
        boolean[] classes = new boolean[10];
        for (int i = 0; i < 60; i++) {
            SceneMaker.Made scene = MAKER.make(IMAGES, Split.TEST, i);
            objects[scene.objects().size()]++;
            int[] expected = new int[96 * 96];
            for (SceneMaker.MadeObject object : scene.objects()) {
                classes[object.label()] = true;
                int left = 96;
                int top = 96;
                int right = -1;
                int bottom = -1;
                int area = 0;
                for (int p = 0; p < expected.length; p++) {
                    if (object.mask()[p]) {
                        assertEquals(0, expected[p], "two objects have a pixel");
                        expected[p] = 1 + object.label();
                        area++;
                        left = Math.min(left, p % 96);
                        right = Math.max(right, p % 96);
                        top = Math.min(top, p / 96);
                        bottom = Math.max(bottom, p / 96);
                    }
                }
                assertEquals(area, object.area());
                assertTrue(area >= 60, "only " + area + " pixels");
                assertEquals(new PixelBox(left, top, right - left + 1, bottom - top + 1), object.box());
                assertTrue(object.box().width() <= 48 && object.box().height() <= 48);
            }
            for (int p = 0; p < expected.length; p++) {
                assertEquals(expected[p], scene.labels().classes()[p]);
            }
        }
        assertEquals(0, objects[0]);
        assertTrue(objects[1] > 0 && objects[4] > 0, Arrays.toString(objects));
        assertFalse(Arrays.toString(classes).contains("false"));
    }

    /// Objects are white, and nothing else is: the mask is where white is seen.
    @Test
    void masksAreExact() {
        byte[] pixels = new byte[2 * 3 * 32 * 32];
        Arrays.fill(pixels, 3 * 32 * 32, pixels.length, (byte) 255);
        InMemoryImages both = new InMemoryImages("x", 32, 32, 3, pixels, new int[] {0, 1}, List.of("black", "white"));
        SceneMaker plain = new SceneMaker(64, 20, 30, 3, 0, 5);
        int seen = 0;
        for (int i = 0; i < 40; i++) {
            SceneMaker.Made scene = plain.make(both, Split.TRAIN, i);
            for (int p = 0; p < 64 * 64; p++) {
                int label = scene.labels().classes()[p];
                if (label != 0) {
                    assertEquals(label == 1 ? 0 : 255, scene.image().rgb()[3 * p] & 0xFF);
                    seen |= label;
                }
            }
        }
        assertEquals(3, seen);
    }

    @Test
    void aSceneDependsOnSeedPartAndNumberAlone() {
        byte[] once = MAKER.make(IMAGES, Split.TRAIN, 3).image().rgb();
        assertArrayEquals(once, MAKER.make(IMAGES, Split.TRAIN, 3).image().rgb());
        assertFalse(
                Arrays.equals(once, MAKER.make(IMAGES, Split.TRAIN, 4).image().rgb()));
        assertFalse(
                Arrays.equals(once, MAKER.make(IMAGES, Split.TEST, 3).image().rgb()));
        SceneMaker other = new SceneMaker(96, 24, 48, 4, 3, 1);
        assertFalse(
                Arrays.equals(once, other.make(IMAGES, Split.TRAIN, 3).image().rgb()));
    }

    /// Shapes are as large as they should be: π·other for an ellipse in a square of 4.
    @Test
    void shapesHaveTheirAreas() {
        assertEquals(Math.PI * 0.8 / 4, share(SceneShape.ellipse(0.8, 1)), 0.002);
        assertEquals((1.9 * 1.9 - (4 - Math.PI) * 0.3 * 0.3) / 4, share(SceneShape.roundedSquare(0.3)), 0.002);
        // The mean of r² is (1 + a²/2) / (1 + a)².
        assertEquals(Math.PI * (1 + 0.02) / 1.44 / 4, share(SceneShape.blob(0.2, 4, 1)), 0.002);
    }

    private static double share(SceneShape shape) {
        int count = 0;
        for (boolean pixel : shape.pixels(400)) {
            count += pixel ? 1 : 0;
        }
        return count / 160_000.0;
    }

    // ---- files ----

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        Path out = root.resolve("scenes");
        SceneFiles.Written written = new SceneFiles(MAKER, 7, 4, line -> {}).write(out, BundledSample.train(), IMAGES);
        int objects = 0;
        for (Split part : Split.values()) {
            ImageSource images = part == Split.TRAIN ? BundledSample.train() : IMAGES;
            ImageSource labels = LabelData.open(DataSpec.of(out), part);
            ImageSource voc = VocDetection.read(
                    out.resolve("VOC2012"), part == Split.TRAIN ? "trainval" : "test", ImageDecoder.STANDARD);
            String name = part == Split.TRAIN ? "train2017" : "val2017";
            ImageSource coco = CocoInstances.read(
                    out.resolve("coco/annotations/instances_" + name + ".json"),
                    out.resolve("coco").resolve(name),
                    ImageDecoder.STANDARD);
            assertEquals(part == Split.TRAIN ? 7 : 4, labels.size());
            assertEquals(images.classes(), voc.classes());
            assertEquals(images.classes(), coco.classes());
            assertEquals(images.classes(), labels.classes().subList(1, 11));
            for (int i = 0; i < labels.size(); i++) {
                SceneMaker.Made scene = MAKER.make(images, part, i);
                Scene read = Scene.load(labels, i);
                assertArrayEquals(scene.image().rgb(), read.image().rgb());
                assertArrayEquals(scene.labels().classes(), read.labels().classes());
                assertArrayEquals(scene.image().rgb(), coco.load(i).rgb());
                assertObjects(scene, assertInstanceOf(Target.Objects.class, voc.target(i)));
                assertObjects(scene, assertInstanceOf(Target.Objects.class, coco.target(i)));
                objects += scene.objects().size();
            }
        }
        assertEquals(objects, written.objects());
        assertTrue(written.share() > 0.05 && written.share() < 0.6, "share " + written.share());
        DataException e = assertThrows(
                DataException.class,
                () -> new SceneFiles(MAKER, 1, 1, line -> {}).write(out, BundledSample.train(), IMAGES));
        assertEquals(out + ": is not empty; name a folder that is missing or empty", e.getMessage());
    }

    private static void assertObjects(SceneMaker.Made scene, Target.Objects read) {
        assertEquals(96, read.width());
        assertEquals(scene.objects().size(), read.instances().size());
        for (int o = 0; o < scene.objects().size(); o++) {
            SceneMaker.MadeObject made = scene.objects().get(o);
            Target.Instance object = read.instances().get(o);
            PixelBox box = made.box();
            assertEquals(made.label(), object.label());
            assertEquals(
                    new Target.Box(box.left(), box.top(), box.left() + box.width(), box.top() + box.height()),
                    object.box());
            assertFalse(object.crowd() || object.difficult());
            object.mask().ifPresent(mask -> assertEquals(made.area(), object.area()));
        }
    }

    @Test
    void theSameSeedGivesTheSameFiles() throws IOException {
        for (String name : List.of("one", "two")) {
            new SceneFiles(MAKER, 3, 2, line -> {}).write(root.resolve(name), BundledSample.train(), IMAGES);
        }
        Map<String, String> one = contents(root.resolve("one"));
        assertEquals(one, contents(root.resolve("two")));
        assertEquals(4 * 5 + 4 + 1 + 2, one.size(), one.keySet().toString());
        try (Stream<Path> all = Files.list(root)) {
            assertEquals(2, all.count(), "something is left behind");
        }
    }

    private static Map<String, String> contents(Path folder) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                contents.put(folder.relativize(file).toString(), Arrays.toString(Files.readAllBytes(file)));
            }
        }
        return contents;
    }

    @Test
    void paletteIsVocs() {
        byte[] palette = SceneFiles.palette();
        // aeroplane, bicycle, bird, bus and void, as the development kit prints them
        int[][] known = {{1, 128, 0, 0}, {2, 0, 128, 0}, {3, 128, 128, 0}, {6, 0, 128, 128}, {255, 224, 224, 192}};
        for (int[] colour : known) {
            for (int c = 0; c < 3; c++) {
                assertEquals(colour[1 + c], palette[3 * colour[0] + c] & 0xFF, "index " + colour[0]);
            }
        }
    }

    @Test
    void impossibleNumbersAreRefused() {
        assertThrows(DataException.class, () -> new SceneMaker(31, 12, 20, 1, 0, 0));
        assertThrows(DataException.class, () -> new SceneMaker(96, 11, 20, 1, 0, 0));
        assertThrows(DataException.class, () -> new SceneMaker(96, 24, 97, 1, 0, 0));
        assertThrows(DataException.class, () -> new SceneMaker(96, 24, 48, 0, 0, 0));
        assertThrows(DataException.class, () -> new SceneFiles(MAKER, 0, 1, line -> {}));
        InMemoryImages nameless = new InMemoryImages("x", 1, 1, 3, new byte[3], new int[1], List.of());
        assertThrows(
                DataException.class, () -> new SceneFiles(MAKER, 1, 1, line -> {}).write(root, nameless, nameless));
    }

    // ---- outlines ----

    /// A square with a corner that touches another, and one with a hole.
    @Test
    void outlinesFollowTheEdgesOfPixels() {
        boolean[] two = mask("xx..", "xx..", "..x.", "....");
        List<double[]> rings = MaskOutline.polygons(two, 4, 4).orElseThrow();
        assertEquals(2, rings.size());
        assertArrayEquals(new double[] {0, 0, 2, 0, 2, 2, 0, 2}, rings.get(0));
        assertArrayEquals(new double[] {2, 2, 3, 2, 3, 3, 2, 3}, rings.get(1));
        assertTrue(MaskOutline.polygons(mask("xxx", "x.x", "xxx"), 3, 3).isEmpty());
        // Through a diagonal gap the outline goes in and comes out again.
        List<double[]> pinched =
                MaskOutline.polygons(mask("xx..", "x.x.", "xxx."), 4, 3).orElseThrow();
        assertEquals(1, pinched.size());
        assertArrayEquals(
                new double[] {0, 0, 2, 0, 2, 1, 1, 1, 1, 2, 2, 2, 2, 1, 3, 1, 3, 3, 0, 3}, pinched.getFirst());
        List<double[]> bay =
                MaskOutline.polygons(mask("xxx", "x..", "xxx"), 3, 3).orElseThrow();
        assertArrayEquals(new double[] {0, 0, 3, 0, 3, 1, 1, 1, 1, 2, 3, 2, 3, 3, 0, 3}, bay.getFirst());
        assertArrayEquals(new int[] {0, 2, 2, 2, 4, 1, 5}, MaskOutline.runs(two, 4, 4));
        assertArrayEquals(new int[] {9}, MaskOutline.runs(new boolean[9], 3, 3));
    }

    private static boolean[] mask(String... rows) {
        String all = String.join("", rows);
        boolean[] mask = new boolean[all.length()];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = all.charAt(i) == 'x';
        }
        return mask;
    }
}
