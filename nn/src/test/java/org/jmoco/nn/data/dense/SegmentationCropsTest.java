package org.jmoco.nn.data.dense;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.Target;
import org.jmoco.tensor.random.Philox;
import org.junit.jupiter.api.Test;

class SegmentationCropsTest {
    private static final RatioResize AS_IT_IS = RatioResize.exactly(60, 40);

    /// Worked by hand from mmcv's `rescale_size`: min(long/longest, short/shortest), ⌊side·factor + ½⌋.
    @Test
    void sizesAreMmcvs() {
        assertEquals(
                new RatioResize.Size(683, 512), RatioResize.exactly(2048, 512).of(500, 375));
        assertEquals(
                new RatioResize.Size(512, 683), RatioResize.exactly(512, 2048).of(375, 500));
        // 2048/1500 = 1.365 would make the shorter side 137, and is less than 512/100.
        assertEquals(
                new RatioResize.Size(2048, 137), RatioResize.exactly(2048, 512).of(1500, 100));
        assertEquals(
                new RatioResize.Size(2049, 1025),
                RatioResize.exactly(2049, 1025).of(2048, 1024));
        assertEquals(new RatioResize.Size(64, 1), RatioResize.exactly(64, 64).of(1000, 2));
    }

    /// Both sides of the frame are cut to whole pixels before the image is fitted.
    @Test
    void theFactorIsDrawnFromItsRange() {
        RatioResize resize = new RatioResize(2048, 512, 0.5, 2);
        int least = Integer.MAX_VALUE;
        int most = 0;
        for (int i = 0; i < 500; i++) {
            double factor = new Philox(3, i, 0, 0).nextDouble() * 1.5 + 0.5;
            RatioResize.Size size = resize.draw(500, 375, new Philox(3, i, 0, 0));
            assertEquals(RatioResize.fit(500, 375, (int) (2048 * factor), (int) (512 * factor)), size);
            least = Math.min(least, size.height());
            most = Math.max(most, size.height());
        }
        assertTrue(least >= 256 && least < 262 && most <= 1024 && most > 1015, least + " … " + most);
    }

    /// The image is all one class but for a corner: only boxes with the corner are mixed.
    @Test
    void cropsAvoidTooMuchOfAClass() {
        byte[] labels = new byte[100 * 100];
        for (int y = 0; y < 20; y++) {
            Arrays.fill(labels, y * 100, y * 100 + 20, (byte) 3);
        }
        Target.LabelMap map = new Target.LabelMap(100, 100, labels);
        int mixed = 0;
        int mixedOfFirst = 0;
        for (int i = 0; i < 200; i++) {
            mixed += share(map, CropByClass.square(30).draw(map, new Philox(1, i, 0, 0))) < 0.75 ? 1 : 0;
            mixedOfFirst += share(map, new CropByClass(30, 30, 1).draw(map, new Philox(1, i, 0, 0))) < 0.75 ? 1 : 0;
        }
        assertTrue(mixed > 3 * mixedOfFirst && mixed < 200, mixed + " against " + mixedOfFirst);
    }

    /// The boxes are those that a plain copy of MMSegmentation's loop takes.
    @Test
    void theEleventhBoxStands() {
        Philox noise = new Philox(8, 0, 0, 0);
        byte[] labels = new byte[50 * 40];
        for (int y = 0; y < 40; y++) {
            for (int x = 0; x < 50; x++) {
                labels[y * 50 + x] = (byte) (x < 30 ? 255 : x < 42 ? 1 : noise.below(4));
            }
        }
        Target.LabelMap map = new Target.LabelMap(50, 40, labels);
        Set<Integer> lengths = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            Philox draws = new Philox(9, i, 0, 0);
            PixelBox box = new CropByClass(12, 64, 0.6).draw(map, draws);
            List<PixelBox> boxes = new ArrayList<>();
            Philox again = new Philox(9, i, 0, 0);
            for (int t = 0; t < 11; t++) {
                assertEquals(0, again.below(40 - 40 + 1));
                boxes.add(new PixelBox(again.below(50 - 12 + 1), 0, 12, 40));
            }
            int taken = 0;
            while (taken < 10 && !(classes(map, boxes.get(taken)) > 1 && share(map, boxes.get(taken)) < 0.6)) {
                taken++;
            }
            lengths.add(taken);
            assertEquals(boxes.get(taken), box);
        }
        assertTrue(lengths.contains(0) && lengths.contains(10), "the case is too easy: " + lengths);
    }

    /// Every pixel's colour tells its label: whatever happens, the two stay together.
    @Test
    void imageAndLabelsStayTogether() {
        Scene scene = scene(60, 40);
        SegmentationCrops crops = new SegmentationCrops(AS_IT_IS, new CropByClass(32, 48, 0.9), 0.5, Optional.empty());
        Set<Boolean> flips = new HashSet<>();
        for (int step = 0; step < 20; step++) {
            SegmentationCrops.Crop crop = crops.of(scene, SegmentationCrops.draws(5, 7, step));
            assertEquals(32, crop.scene().width());
            assertEquals(48, crop.scene().height());
            assertEquals(32, crop.width());
            assertEquals(40, crop.height());
            byte[] rgb = crop.scene().image().rgb();
            byte[] labels = crop.scene().labels().classes();
            for (int y = 0; y < 48; y++) {
                for (int x = 0; x < 32; x++) {
                    int at = y * 32 + x;
                    assertEquals(y < 40 ? rgb[3 * at + 1] & 0xFF : 255, labels[at] & 0xFF, x + ", " + y);
                    assertEquals(y < 40 ? y : 0, rgb[3 * at], "row " + y);
                    assertTrue(y < 40 || rgb[3 * at + 1] == 0 && rgb[3 * at + 2] == 0);
                }
            }
            flips.add(rgb[2] > rgb[5]);
        }
        assertEquals(Set.of(true, false), flips);
    }

    @Test
    void whatIsDrawnDependsOnSeedImageAndStepAlone() {
        Scene scene = scene(60, 40);
        SegmentationCrops crops = new SegmentationCrops(
                new RatioResize(60, 40, 0.5, 2),
                CropByClass.square(32),
                0.5,
                Optional.of(PhotometricDistortion.STANDARD));
        byte[] once = crops.of(scene, SegmentationCrops.draws(5, 7, 1))
                .scene()
                .image()
                .rgb();
        assertArrayEquals(
                once,
                crops.of(scene, SegmentationCrops.draws(5, 7, 1))
                        .scene()
                        .image()
                        .rgb());
        for (int[] other : new int[][] {{6, 7, 1}, {5, 8, 1}, {5, 7, 2}}) {
            Philox draws = SegmentationCrops.draws(other[0], other[1], other[2]);
            assertFalse(
                    Arrays.equals(once, crops.of(scene, draws).scene().image().rgb()), Arrays.toString(other));
        }
        assertEquals(0, scene.image().rgb()[0], "the input was changed");
    }

    /// Coins are fair, and amounts reach the ends of their ranges.
    @Test
    void distortionIsDrawnAsInTheRecipe() {
        int n = 4000;
        int[] heads = new int[5];
        int least = 100;
        int most = -100;
        float low = 9;
        float high = 0;
        for (int i = 0; i < n; i++) {
            PhotometricDistortion.Drawn d = PhotometricDistortion.STANDARD.draw(new Philox(2, i, 0, 0));
            heads[0] += d.brightens() ? 1 : 0;
            heads[1] += d.contrastFirst() ? 1 : 0;
            heads[2] += d.contrasts() ? 1 : 0;
            heads[3] += d.saturates() ? 1 : 0;
            heads[4] += d.turns() ? 1 : 0;
            least = Math.min(least, d.shift());
            most = Math.max(most, d.shift());
            low = Math.min(low, d.contrast());
            high = Math.max(high, d.saturation());
            assertTrue(Math.abs(d.offset()) <= 32);
        }
        for (int count : heads) {
            assertEquals(n / 2.0, count, 4 * Math.sqrt(n / 4.0));
        }
        assertEquals(-18, least);
        assertEquals(17, most);
        assertTrue(low >= 0.5 && low < 0.505 && high <= 1.5 && high > 1.495, low + " … " + high);
    }

    @Test
    void impossibleNumbersAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new RatioResize(0, 5, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new RatioResize(5, 5, 2, 1));
        assertThrows(IllegalArgumentException.class, () -> new CropByClass(0, 5, 0.5));
        assertThrows(IllegalArgumentException.class, () -> new CropByClass(5, 5, 0));
        assertThrows(IllegalArgumentException.class, () -> new PhotometricDistortion(1, 2, 1, 5));
        assertThrows(
                IllegalArgumentException.class,
                () -> new SegmentationCrops(AS_IT_IS, CropByClass.square(4), 2, Optional.empty()));
    }

    /// Red is the row, green the label, blue the column.
    private static Scene scene(int width, int height) {
        RgbImage image = new RgbImage(width, height);
        byte[] labels = new byte[width * height];
        for (int i = 0; i < labels.length; i++) {
            int x = i % width;
            int y = i / width;
            labels[i] = (byte) (x / 10 + y / 10);
            image.rgb()[3 * i] = (byte) y;
            image.rgb()[3 * i + 1] = labels[i];
            image.rgb()[3 * i + 2] = (byte) x;
        }
        return new Scene(image, new Target.LabelMap(width, height, labels));
    }

    private static int[] counts(Target.LabelMap map, PixelBox box) {
        int[] counts = new int[256];
        for (byte label : CropByClass.cut(map, box).classes()) {
            counts[label & 0xFF]++;
        }
        return Arrays.copyOf(counts, 255);
    }

    private static long classes(Target.LabelMap map, PixelBox box) {
        return Arrays.stream(counts(map, box)).filter(c -> c > 0).count();
    }

    private static double share(Target.LabelMap map, PixelBox box) {
        int[] counts = counts(map, box);
        return (double) Arrays.stream(counts).max().orElseThrow()
                / Arrays.stream(counts).sum();
    }
}
