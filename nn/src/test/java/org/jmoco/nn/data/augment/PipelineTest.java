package org.jmoco.nn.data.augment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.augment.RandomResizedCrop.Box;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.tensor.random.Philox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PipelineTest {

    @ParameterizedTest
    @EnumSource(Preset.class)
    void aPresetIsTheSameAfterMapsAndBack(Preset preset) {
        Pipeline pipeline = preset.pipeline();
        assertEquals(pipeline, PipelineMaps.pipeline(PipelineMaps.map(pipeline), "x"));
        assertEquals(pipeline, PipelineMaps.pipeline(Map.of("preset", preset.key()), "x"));
        assertEquals(preset.pipeline(64), PipelineMaps.pipeline(Map.of("preset", preset.key(), "size", 64), "x"));
    }

    @ParameterizedTest
    @EnumSource(Preset.class)
    void presetsDependOnTheirStreamAloneAndKeepTheirInput(Preset preset) {
        Pipeline pipeline = preset.pipeline(24);
        RgbImage image = noise(61, 47);
        byte[] before = image.rgb().clone();
        RgbImage first = pipeline.apply(image, new Philox(1, 2, 3, 4));
        assertArrayEquals(
                first.rgb(), pipeline.apply(image, new Philox(1, 2, 3, 4)).rgb());
        assertArrayEquals(before, image.rgb());
        if (preset != Preset.CIFAR_TEST) {
            assertEquals(OptionalInt.of(24), pipeline.squareSide());
            assertEquals("RgbImage 24×24", first.toString());
        }
        boolean random = preset != Preset.CIFAR_TEST && preset != Preset.LINEAR_VAL && preset != Preset.SVM;
        assertEquals(
                !random,
                Arrays.equals(
                        first.rgb(),
                        pipeline.apply(image, new Philox(1, 2, 3, 5)).rgb()));
    }

    @Test
    void cropsHaveTheDrawnAreasAndRatios() {
        RandomResizedCrop crop = new RandomResizedCrop(8, new Range(0.2, 1));
        int n = 20_000;
        double area = 0;
        double logRatio = 0;
        int left = 0;
        int right = 0;
        for (int i = 0; i < n; i++) {
            Box box = crop.draw(600, 600, new Philox(9, i, 0, 0));
            assertTrue(box.left() >= 0
                    && box.top() >= 0
                    && box.left() + box.width() <= 600
                    && box.top() + box.height() <= 600);
            double part = box.width() * box.height() / 360_000.0;
            double ratio = box.width() / (double) box.height();
            assertTrue(part > 0.198 && part <= 1 && ratio > 0.745 && ratio < 1.342, box.toString());
            area += part;
            logRatio += Math.log(ratio);
            left += box.left();
            right += 600 - box.left() - box.width();
        }
        // On a square, boxes that do not fit are drawn again: the mean area is under 0.6. torchvision 0.14.1:
        // 0.5391 over 200,000 draws.
        assertEquals(0.5391, area / n, 0.008);
        assertEquals(0, logRatio / n, 0.006);
        assertEquals(1, left / (double) right, 0.03);
    }

    @Test
    void probabilitiesHold() {
        RgbImage image = noise(2, 1);
        int n = 10_000;
        int gray = 0;
        int flipped = 0;
        int blurred = 0;
        for (int i = 0; i < n; i++) {
            gray += new RandomGrayscale(0.2).apply(image, new Philox(1, i, 0, 0)) == image ? 0 : 1;
            flipped += new RandomHorizontalFlip(0.5).apply(image, new Philox(2, i, 0, 0)) == image ? 0 : 1;
            blurred += new RandomApply(0.8, new GaussianBlur(new Range(1, 2))).apply(image, new Philox(3, i, 0, 0))
                            == image
                    ? 0
                    : 1;
        }
        assertEquals(0.2, gray / (double) n, 0.02);
        assertEquals(0.5, flipped / (double) n, 0.025);
        assertEquals(0.8, blurred / (double) n, 0.02);
    }

    @Test
    void jitterAppliesItsStepsInAllOrders() {
        RgbImage image = noise(16, 16);
        ColorJitter jitter = new ColorJitter(0.4, 0.3, 0.2, 0.1);
        Set<List<Integer>> orders = new HashSet<>();
        for (int i = 0; i < 400; i++) {
            Philox draws = new Philox(5, i, 0, 0);
            int[] order = draws.permutation(4);
            float brightness = (float) draws.uniform(0.6, 1.4);
            float contrast = (float) draws.uniform(0.7, 1.3);
            float saturation = (float) draws.uniform(0.8, 1.2);
            double hue = draws.uniform(-0.1, 0.1);
            RgbImage expected = image;
            for (int step : order) {
                expected = step == 0 ? Colours.brightness(expected, brightness) : expected;
                expected = step == 1 ? Colours.contrast(expected, contrast) : expected;
                expected = step == 2 ? Colours.saturation(expected, saturation) : expected;
                expected = step == 3 ? Hue.shift(expected, hue) : expected;
            }
            assertArrayEquals(
                    expected.rgb(), jitter.apply(image, new Philox(5, i, 0, 0)).rgb());
            orders.add(Arrays.stream(order).boxed().toList());
        }
        assertEquals(24, orders.size());
        // With a strength of 0 nothing happens, whatever the order.
        assertArrayEquals(
                image.rgb(),
                new ColorJitter(0, 0, 0, 0).apply(image, new Philox(5, 0, 0, 0)).rgb());
    }

    @Test
    void lightingIsTheSumOfScaledComponents() {
        // By hand: 0.1·0.2175·(−0.5675), and so on.
        assertArrayEquals(
                new float[] {-0.012343125f, -0.0126324f, -0.0126933f},
                PcaLighting.offset(new double[] {0.1, 0, 0}),
                1e-9f);
        assertArrayEquals(
                new float[] {0.0027041920f + 0.00036081f, -0.0000169200f - 0.0007326f, -0.0026124480f + 0.00037827f},
                PcaLighting.offset(new double[] {0, 0.2, 0.2}),
                1e-9f);
        PcaLighting lighting = Preset.MULTI_HEAD_TRAIN.pipeline().lighting().orElseThrow();
        double squares = 0;
        for (int i = 0; i < 10_000; i++) {
            squares += Math.pow(lighting.offset(new Philox(1, i, 0, 0))[1], 2);
        }
        double expected = 0.1
                * Math.sqrt(Math.pow(0.5808 * 0.2175, 2) + Math.pow(0.0045 * 0.0188, 2) + Math.pow(0.814 * 0.0045, 2));
        assertEquals(expected, Math.sqrt(squares / 10_000), 0.03 * expected);
        assertFalse(Preset.MOCO_V2.pipeline().lighting().isPresent());
    }

    @Test
    void refusesWithOneClearLine() {
        assertRefused("aug: unknown preset 'mocov3'; known: moco-v1, moco-v2,", Map.of("preset", "mocov3"));
        assertRefused("aug: unknown key 'sise'; known: preset, size", Map.of("preset", "moco-v1", "sise", 3));
        assertRefused("aug.size: expected a whole number, got 'big'", Map.of("preset", "moco-v1", "size", "big"));
        assertRefused("aug.transforms: expected a list of transforms, got nothing", Map.of());
        assertRefused("aug.transforms[0]: unknown transform 'Rotate'; known: RandomResizedCrop,", one("Rotate"));
        assertRefused("aug.transforms[0].CenterCrop.size: is missing", one("CenterCrop"));
        assertRefused(
                "aug.transforms[0].CenterCrop: unknown key 'sise'; known: size",
                one(Map.of("CenterCrop", Map.of("sise", 3))));
        assertRefused(
                "aug.transforms[0]: RandomGrayscale: p must be between 0 and 1, got 2.0",
                one(Map.of("RandomGrayscale", Map.of("p", 2))));
        assertRefused(
                "aug.transforms[0].RandomResizedCrop.scale: a range needs two numbers, the lower one first, "
                        + "got [1.0, 0.2]",
                one(Map.of("RandomResizedCrop", Map.of("size", 8, "scale", List.of(1, 0.2)))));
        assertRefused(
                "aug.transforms[0].RandomApply.transforms[0]: unknown transform 'X'",
                one(Map.of("RandomApply", Map.of("transforms", List.of("X")))));
        assertRefused(
                "aug: PcaLighting acts on floats: it must be the last transform",
                Map.of("transforms", List.of("PcaLighting", "RandomHorizontalFlip"), "normalize", normalize()));
        assertRefused(
                "aug.normalize: normalize: mean and std need three numbers each",
                Map.of("transforms", List.of(), "normalize", Map.of("mean", List.of(1), "std", List.of(1))));
        assertThrows(DataException.class, () -> new RandomCrop(9).apply(noise(8, 20), new Philox(0, 0, 0, 0)));
        assertThrows(DataException.class, () -> new Resize(256).apply(noise(1, 1000), new Philox(0, 0, 0, 0)));
    }

    private static Map<String, Object> one(Object transform) {
        return Map.of("transforms", List.of(transform), "normalize", normalize());
    }

    private static Map<String, Object> normalize() {
        return Map.of("mean", List.of(0, 0, 0), "std", List.of(1, 1, 1));
    }

    private static void assertRefused(String start, Map<String, ?> map) {
        String message = assertThrows(DataException.class, () -> PipelineMaps.pipeline(map, "aug"))
                .getMessage();
        assertTrue(message.startsWith(start), message);
    }

    private static RgbImage noise(int width, int height) {
        Philox draws = new Philox(77, 0, 0, 0);
        RgbImage image = new RgbImage(width, height);
        for (int i = 0; i < image.rgb().length; i++) {
            image.rgb()[i] = (byte) draws.nextInt();
        }
        return image;
    }
}
