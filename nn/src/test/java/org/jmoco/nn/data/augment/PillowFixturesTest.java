package org.jmoco.nn.data.augment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.jmoco.nn.data.augment.RandomResizedCrop.Box;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.tensor.random.Philox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every operation against torchvision on Pillow images, byte for byte;
/// `src/test/fixtures/make_augment_fixtures.py` made the files.
class PillowFixturesTest {
    private static final Philox NO_DRAWS = new Philox(0, 0, 0, 0);

    record Case(String name, RgbImage source, String operation, double[] arguments, RgbImage expected) {
        @Override
        public String toString() {
            return name + " " + operation + Arrays.toString(arguments);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void givesTorchvisionsBytes(Case c) {
        byte[] before = c.source.rgb().clone();
        RgbImage result = run(c.source, c.operation, c.arguments);
        assertEquals(c.expected.toString(), result.toString());
        int wrong = 0;
        int worst = 0;
        for (int i = 0; i < result.rgb().length; i++) {
            int error = Math.abs((result.rgb()[i] & 0xFF) - (c.expected.rgb()[i] & 0xFF));
            worst = Math.max(worst, error);
            wrong += error == 0 ? 0 : 1;
        }
        assertEquals(0, wrong, "bytes differ, by up to " + worst);
        assertEquals(ByteBuffer.wrap(before), ByteBuffer.wrap(c.source.rgb()), "the input was changed");
    }

    @ParameterizedTest
    @MethodSource("allColours")
    void givesTorchvisionsBytesForAllColours(String operation, double[] arguments, long sum) {
        byte[] rgb = new byte[3 << 24];
        for (int i = 0; i < 1 << 24; i++) {
            rgb[3 * i] = (byte) (i >> 16);
            rgb[3 * i + 1] = (byte) (i >> 8);
            rgb[3 * i + 2] = (byte) i;
        }
        CRC32 crc = new CRC32();
        crc.update(run(new RgbImage(4096, 4096, rgb), operation, arguments).rgb());
        assertEquals(sum, crc.getValue());
    }

    @Test
    void fallsBackToTorchvisionsCentralBox() throws IOException {
        for (String line : Files.readAllLines(file("fallback.txt"))) {
            int[] n = Arrays.stream(line.split(" ")).mapToInt(Integer::parseInt).toArray();
            RandomResizedCrop crop = new RandomResizedCrop(8, new Range(0.9, 1));
            assertEquals(new Box(n[2], n[3], n[4], n[5]), crop.draw(n[0], n[1], new Philox(1, 2, 3, 4)), line);
        }
    }

    /// The figure that is promised is 99.9 % of pixels within 1 and none off by more than 2; all are equal.
    @Test
    void theMeasuredAgreementIsComplete(TestReporter reporter) throws IOException {
        Map<String, long[]> byOperation = new TreeMap<>();
        for (Case c : cases()) {
            byte[] result = run(c.source, c.operation, c.arguments).rgb();
            long[] counts = byOperation.computeIfAbsent(c.operation, o -> new long[3]);
            counts[0]++;
            counts[1] += result.length / 3;
            for (int i = 0; i < result.length; i += 3) {
                counts[2] += Arrays.equals(result, i, i + 3, c.expected.rgb(), i, i + 3) ? 1 : 0;
            }
        }
        byOperation.forEach((operation, counts) -> {
            reporter.publishEntry(operation, counts[0] + " cases, " + counts[2] + " of " + counts[1] + " pixels equal");
            assertTrue(counts[0] >= 4, operation + " has too few cases");
            assertEquals(counts[1], counts[2], operation);
        });
        assertEquals(
                Set.of(
                        "blur",
                        "brightness",
                        "center",
                        "contrast",
                        "crop",
                        "flip",
                        "gray",
                        "hue",
                        "jitter",
                        "resize",
                        "saturation",
                        "squash"),
                byOperation.keySet());
    }

    private static RgbImage run(RgbImage image, String operation, double[] a) {
        return switch (operation) {
            case "crop" ->
                Resample.bilinear(
                        image, new Box((int) a[0], (int) a[1], (int) a[2], (int) a[3]), (int) a[4], (int) a[4]);
            case "resize" -> new Resize((int) a[0]).apply(image, NO_DRAWS);
            case "squash" -> new ResizeExact((int) a[0]).apply(image, NO_DRAWS);
            case "center" -> new CenterCrop((int) a[0]).apply(image, NO_DRAWS);
            case "gray" -> new RandomGrayscale(1).apply(image, new Philox(0, 0, 0, 0));
            case "flip" -> new RandomHorizontalFlip(1).apply(image, new Philox(0, 0, 0, 0));
            case "brightness" -> Colours.brightness(image, (float) a[0]);
            case "contrast" -> Colours.contrast(image, (float) a[0]);
            case "saturation" -> Colours.saturation(image, (float) a[0]);
            case "hue" -> Hue.shift(image, a[0]);
            case "jitter" ->
                ColorJitter.apply(image, order((int) a[0]), (float) a[1], (float) a[2], (float) a[3], a[4]);
            case "blur" -> BoxBlur.gaussian(image, (float) a[0]);
            default -> throw new AssertionError(operation);
        };
    }

    private static int[] order(int digits) {
        return String.format("%04d", digits).chars().map(c -> c - '0').toArray();
    }

    static List<Case> cases() throws IOException {
        ByteBuffer pixels = ByteBuffer.wrap(Files.readAllBytes(file("pixels.bin")));
        Map<String, RgbImage> sources = new HashMap<>();
        List<Case> cases = new ArrayList<>();
        for (String line : Files.readAllLines(file("cases.txt"))) {
            String[] words = line.split(" ");
            int width = Integer.parseInt(words[words.length - 2]);
            int height = Integer.parseInt(words[words.length - 1]);
            byte[] rgb = new byte[3 * width * height];
            pixels.get(rgb);
            RgbImage image = new RgbImage(width, height, rgb);
            if (words[1].equals("source")) {
                sources.put(words[0], image);
            } else {
                cases.add(new Case(
                        words[0], sources.get(words[0]), words[1], numbers(words, 2, words.length - 2), image));
            }
        }
        assertEquals(0, pixels.remaining());
        return cases;
    }

    static List<Object[]> allColours() throws IOException {
        return Files.readAllLines(file("colours.txt")).stream()
                .map(line -> line.split(" "))
                .map(w -> new Object[] {w[0], numbers(w, 1, w.length - 1), Long.parseLong(w[w.length - 1])})
                .toList();
    }

    private static double[] numbers(String[] words, int from, int to) {
        return Arrays.stream(words, from, to).mapToDouble(Double::parseDouble).toArray();
    }

    private static Path file(String name) {
        try {
            return Path.of(PillowFixturesTest.class.getResource(name).toURI());
        } catch (java.net.URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
