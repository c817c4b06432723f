package org.jmoco.nn.data.dense;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Against OpenCV 4.6 and MMSegmentation's formulas in NumPy: `make_dense_fixtures.py` has made the bytes.
class OpenCvFixturesTest {
    private record Case(String name, String operation, double[] arguments, int width, int height, byte[] expected) {
        @Override
        public String toString() {
            return name + " " + operation + Arrays.toString(arguments) + " → " + width + "×" + height;
        }
    }

    private static final List<Case> ALL = read();
    private static final Map<String, RgbImage> IMAGES = new HashMap<>();
    private static final Map<String, Target.LabelMap> MAPS = new HashMap<>();

    static {
        for (Case c : ALL) {
            switch (c.operation) {
                case "source" -> IMAGES.put(c.name, new RgbImage(c.width, c.height, c.expected));
                case "map" -> MAPS.put(c.name, new Target.LabelMap(c.width, c.height, c.expected));
                default -> {}
            }
        }
    }

    static Stream<Case> exact() {
        return ALL.stream()
                .filter(c ->
                        !Set.of("source", "map", "saturation", "hue", "all").contains(c.operation));
    }

    @ParameterizedTest
    @MethodSource("exact")
    void bytesAreOpenCvs(Case c) {
        byte[] result = run(c);
        assertEquals(c.expected.length, result.length);
        assertEquals(0, count(c.expected, result), () -> "bytes differ of " + result.length);
    }

    /// At the end of a row OpenCV rounds what it cuts elsewhere; only `corners`, of 33 pixels, has such an end.
    @Test
    void theEndsOfRowsAreWithinOne() {
        int cases = 0;
        for (Case c : ALL) {
            if (hasEndOfRow(c)) {
                byte[] result = run(c);
                cases++;
                for (int i = 0; i < result.length; i++) {
                    int off = Math.abs((c.expected[i] & 0xFF) - (result[i] & 0xFF));
                    boolean end = i / 3 % c.width >= c.width / 32 * 32;
                    assertTrue(off <= (end ? 1 : 0), c + " is " + off + " off at " + i);
                }
            }
        }
        assertTrue(cases >= 7, "too few cases");
    }

    private static boolean hasEndOfRow(Case c) {
        return Set.of("saturation", "hue").contains(c.operation) && c.width % 32 != 0;
    }

    @Test
    void everyColourGoesToHsvAndBackAsInOpenCv() throws IOException {
        byte[] colours = new byte[3 << 24];
        for (int i = 0; i < 1 << 24; i++) {
            colours[3 * i] = (byte) (i >> 16);
            colours[3 * i + 1] = (byte) (i >> 8);
            colours[3 * i + 2] = (byte) i;
        }
        byte[] hsv = OpenCvHsv.fromRgb(new RgbImage(4096, 4096, colours));
        byte[] rgb = OpenCvHsv.toRgb(Arrays.copyOf(colours, 180 * 3 << 16), 4096, 2880)
                .rgb();
        assertEquals(
                "hsv " + sum(hsv) + "\nrgb " + sum(rgb),
                new String(resource("colours.txt"), StandardCharsets.UTF_8).strip());
    }

    private static long sum(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return crc.getValue();
    }

    /// A box has the bytes that it has in the whole.
    @Test
    void aBoxIsAPartOfTheWhole() {
        for (int[] size : new int[][] {{128, 92}, {75, 54}, {32, 23}, {31, 23}, {17, 12}}) {
            RgbImage whole = OpenCvResize.bilinear(IMAGES.get("wide"), size[0], size[1]);
            PixelBox box = new PixelBox(size[0] / 3, size[1] / 4, size[0] / 2, size[1] / 2);
            RgbImage part = OpenCvResize.bilinear(IMAGES.get("wide"), size[0], size[1], box);
            for (int y = 0; y < box.height(); y++) {
                int from = 3 * ((box.top() + y) * size[0] + box.left());
                assertArrayEquals(
                        Arrays.copyOfRange(whole.rgb(), from, from + 3 * box.width()),
                        Arrays.copyOfRange(part.rgb(), 3 * y * box.width(), 3 * (y + 1) * box.width()),
                        size[0] + "×" + size[1] + " row " + y);
            }
        }
    }

    @Test
    void everyOperationHasCases() {
        Set<String> operations = new TreeSet<>();
        ALL.forEach(c -> operations.add(c.operation));
        assertEquals(
                Set.of(
                        "source",
                        "map",
                        "bilinear",
                        "nearest",
                        "brightness",
                        "contrast",
                        "hsv",
                        "saturation",
                        "hue",
                        "all"),
                operations);
        assertTrue(exact().count() > 70, "too few cases");
    }

    private static byte[] run(Case c) {
        double[] a = c.arguments;
        if (c.operation.equals("nearest")) {
            return OpenCvResize.nearest(MAPS.get(c.name), (int) a[0], (int) a[1])
                    .classes();
        }
        RgbImage image = IMAGES.get(c.name);
        return switch (c.operation) {
            case "bilinear" ->
                OpenCvResize.bilinear(image, (int) a[0], (int) a[1]).rgb();
            case "hsv" -> OpenCvHsv.fromRgb(image);
            case "brightness" -> distorted(image, false, a[0], 1, 0, 0);
            case "contrast" -> distorted(image, true, 0, a[0], 0, 0);
            case "saturation" -> {
                PhotometricDistortion.Drawn drawn =
                        new PhotometricDistortion.Drawn(false, 0, false, false, 1, true, (float) a[0], false, 0);
                yield PhotometricDistortion.apply(image, drawn).rgb();
            }
            case "hue" -> {
                PhotometricDistortion.Drawn drawn =
                        new PhotometricDistortion.Drawn(false, 0, false, false, 1, false, 1, true, (int) a[0]);
                yield PhotometricDistortion.apply(image, drawn).rgb();
            }
            case "all" -> distorted(image, a[0] == 1, a[1], a[2], a[3], (int) a[4]);
            default -> throw new AssertionError(c.operation);
        };
    }

    private static byte[] distorted(
            RgbImage image, boolean first, double offset, double contrast, double saturation, int hue) {
        boolean colours = saturation != 0;
        PhotometricDistortion.Drawn drawn = new PhotometricDistortion.Drawn(
                offset != 0, (float) offset, first, true, (float) contrast, colours, (float) saturation, colours, hue);
        return PhotometricDistortion.apply(image, drawn).rgb();
    }

    private static long count(byte[] expected, byte[] result) {
        long count = 0;
        for (int i = 0; i < expected.length; i++) {
            count += expected[i] == result[i] ? 0 : 1;
        }
        return count;
    }

    private static List<Case> read() {
        try {
            ByteBuffer pixels = ByteBuffer.wrap(resource("pixels.bin"));
            List<Case> cases = new ArrayList<>();
            for (String line : new String(resource("cases.txt"), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                String[] words = line.split(" ");
                int n = words.length;
                int width = Integer.parseInt(words[n - 2]);
                int height = Integer.parseInt(words[n - 1]);
                boolean map = words[1].equals("map") || words[1].equals("nearest");
                byte[] expected = new byte[(map ? 1 : 3) * width * height];
                pixels.get(expected);
                double[] arguments = Arrays.stream(words, 2, n - 2)
                        .mapToDouble(Double::parseDouble)
                        .toArray();
                cases.add(new Case(words[0], words[1], arguments, width, height, expected));
            }
            assertEquals(0, pixels.remaining());
            return cases;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] resource(String name) throws IOException {
        try (var in = OpenCvFixturesTest.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }
}
