package org.jmoco.eval.masks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jmoco.nn.data.dense.CocoInstances;
import org.jmoco.nn.data.dense.SceneFiles;
import org.jmoco.nn.data.dense.SceneMaker;
import org.jmoco.nn.data.image.ImageDecoder;
import org.jmoco.nn.data.source.BundledSample;
import org.jmoco.nn.data.source.ImageFiles;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.data.source.Split;
import org.jmoco.nn.data.source.Target;
import org.jmoco.tensor.random.Philox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Against COCO's own code (`make_masks.c` has made the lines), and worked by hand.
class CocoMasksTest {
    /// Every polygon's text form, area, box and overlaps are those of `maskApi.c`.
    @Test
    void polygonsAreCocos() throws IOException {
        Rle before = null;
        int overlaps = 0;
        int full = 0;
        for (String line : lines()) {
            String[] words = line.split(" ");
            int height = Integer.parseInt(words[0]);
            int width = Integer.parseInt(words[1]);
            int corners = Integer.parseInt(words[2]);
            double[] ring = numbers(words, 3, 3 + 2 * corners);
            int at = 3 + 2 * corners;
            Rle mask = Polygon.toRle(List.of(ring), height, width);
            assertEquals(words[at], mask.text(), line);
            assertArrayEquals(mask.counts(), Rle.parse(words[at], height, width).counts());
            double[] known = numbers(words, at + 1, words.length);
            assertEquals(known[0], mask.area(), line);
            Target.Box box = new Target.Box(known[1], known[2], known[1] + known[3], known[2] + known[4]);
            assertEquals(box, mask.box(), line);
            full += mask.area() > 20 ? 1 : 0;
            if (known[5] >= 0) {
                assertEquals(known[5], mask.overlap(before, false), line);
                assertEquals(known[6], mask.overlap(before, true), line);
                overlaps += known[5] > 0 ? 1 : 0;
            }
            before = mask;
        }
        assertTrue(overlaps > 80 && full > 120, overlaps + " overlaps, " + full + " masks");
    }

    /// 3 rows and 4 columns: `. x x .` above `. x . .` above `x x . x`.
    @Test
    void runsAreColumnByColumn() {
        boolean[] mask = mask(".xx.", ".x..", "xx.x");
        Rle rle = Rle.of(mask, 3, 4);
        // Column 0: two out, one in; column 1: three in, so four in all with column 2's first; …
        assertArrayEquals(new int[] {2, 5, 4, 1}, rle.counts());
        assertArrayEquals(mask, rle.toMask());
        assertEquals(6, rle.area());
        assertEquals(new Target.Box(0, 0, 4, 3), rle.box());
        // 2 → '2', 5 → '5', 4 → '4', 1 − 5 = −4 → 28 in five bits, plus 48 = 'L'
        assertEquals("254L", rle.text());
        assertArrayEquals(rle.counts(), Rle.parse("254L", 3, 4).counts());
    }

    @Test
    void longRunsTakeSeveralCharacters() {
        // 100 = 3·32 + 4: 4 with bit 5 (36 + 48 = 'T'), then 3 ('3'); 16 has bit 4 set, so a 0 has to follow.
        assertEquals("T3`0", new Rle(29, 4, new int[] {100, 16}).text());
        assertArrayEquals(new int[] {100, 16}, Rle.parse("T3`0", 29, 4).counts());
        int[] wild = {0, 70_000, 1, 3, 69_996, 1_000_000, 2};
        int sum = Arrays.stream(wild).sum();
        assertArrayEquals(wild, Rle.parse(new Rle(sum, 1, wild).text(), sum, 1).counts());
    }

    /// A rectangle of whole pixels covers exactly those.
    @Test
    void aRectangleIsItsPixels() {
        Rle rle = Polygon.toRle(List.of(new double[] {1, 1, 4, 1, 4, 3, 1, 3}), 5, 6);
        assertArrayEquals(mask("......", ".xxx..", ".xxx..", "......", "......"), rle.toMask());
        assertEquals(0, Polygon.toRle(List.of(new double[] {1, 1, 4, 1}), 5, 6).area(), "two corners are no polygon");
    }

    @Test
    void polygonsUnite() {
        double[] one = {0, 0, 2, 0, 2, 2, 0, 2};
        double[] other = {1, 1, 3, 1, 3, 3, 1, 3};
        Rle both = Polygon.toRle(List.of(one, other), 3, 3);
        assertArrayEquals(mask("xx.", "xxx", ".xx"), both.toMask());
        Rle first = Polygon.toRle(List.of(one), 3, 3);
        Rle second = Polygon.toRle(List.of(other), 3, 3);
        assertEquals(1, first.intersection(second));
        assertEquals(1 / 7.0, first.overlap(second, false));
        assertEquals(1 / 4.0, first.overlap(second, true));
    }

    /// Of random masks, and of runs of no pixels.
    @Test
    void unionsAndPixelsAreThoseOfTheMasks() {
        Philox draws = new Philox(9, 0, 0, 0);
        for (int set = 0; set < 500; set++) {
            int height = 1 + draws.below(7);
            int width = 1 + draws.below(7);
            boolean[] all = new boolean[height * width];
            List<Rle> masks = new ArrayList<>();
            for (int m = 0; m <= set % 4; m++) {
                boolean[] mask = new boolean[height * width];
                int share = 2 + draws.below(4);
                for (int i = 0; i < mask.length; i++) {
                    mask[i] = draws.below(share) == 0;
                    all[i] |= mask[i];
                }
                Rle rle = Rle.of(mask, height, width);
                assertArrayEquals(mask, rle.toMask());
                masks.add(rle);
            }
            Rle union = Rle.union(masks);
            assertArrayEquals(Rle.of(all, height, width).counts(), union.counts(), "set " + set);
        }
        Rle gaps = new Rle(2, 3, new int[] {0, 1, 0, 1, 2, 0, 2});
        assertArrayEquals(mask("x..", "x.."), gaps.toMask());
        assertArrayEquals(
                new int[] {0, 3, 3},
                Rle.union(List.of(gaps, new Rle(2, 3, new int[] {2, 1, 3}))).counts());
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Rle(2, 2, new int[] {3}));
        assertThrows(IllegalArgumentException.class, () -> new Rle(2, 2, new int[] {5, -1}));
        assertThrows(IllegalArgumentException.class, () -> Rle.parse("2", 2, 2));
        assertThrows(IllegalArgumentException.class, () -> Rle.parse("T", 2, 2));
        assertThrows(IllegalArgumentException.class, () -> Rle.parse("\n", 2, 2));
        Rle small = new Rle(1, 1, new int[] {1});
        assertThrows(IllegalArgumentException.class, () -> small.intersection(new Rle(2, 1, new int[] {2})));
        assertThrows(IllegalArgumentException.class, () -> Rle.of(new Target.Mask.Runs(2, 1, new int[] {2}), 1, 2));
    }

    /// The polygons and runs that scenes are written with give their masks again, to the pixel.
    @Test
    void writtenScenesHaveTheirMasks(@TempDir Path root) {
        SceneMaker crowded = new SceneMaker(96, 12, 60, 12, 1, 3);
        Path out = root.resolve("scenes");
        ImageSource images = BundledSample.test();
        new SceneFiles(crowded, 20, 1, line -> {}).write(out, images, images);
        ImageFiles coco = CocoInstances.read(
                out.resolve("coco/annotations/instances_train2017.json"),
                out.resolve("coco/train2017"),
                ImageDecoder.STANDARD);
        int polygons = 0;
        int runs = 0;
        for (int i = 0; i < coco.size(); i++) {
            SceneMaker.Made scene = crowded.make(images, Split.TRAIN, i);
            Target.Objects objects = (Target.Objects) coco.target(i);
            for (int o = 0; o < scene.objects().size(); o++) {
                Target.Mask mask = objects.instances().get(o).mask().orElseThrow();
                polygons += mask instanceof Target.Mask.Polygons ? 1 : 0;
                runs += mask instanceof Target.Mask.Runs ? 1 : 0;
                Rle rle = Rle.of(mask, 96, 96);
                assertArrayEquals(scene.objects().get(o).mask(), rle.toMask(), "scene " + i + " object " + o);
                assertEquals(objects.instances().get(o).box(), rle.box());
            }
        }
        assertTrue(polygons > 50 && runs > 0, polygons + " polygons, " + runs + " runs");
    }

    private static boolean[] mask(String... rows) {
        String all = String.join("", rows);
        boolean[] mask = new boolean[all.length()];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = all.charAt(i) == 'x';
        }
        return mask;
    }

    private static double[] numbers(String[] words, int from, int to) {
        return Arrays.stream(words, from, to).mapToDouble(Double::parseDouble).toArray();
    }

    private static List<String> lines() throws IOException {
        try (var in = CocoMasksTest.class.getResourceAsStream("polygons.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }
}
