package org.jmoco.nn.data.dense;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jmoco.nn.data.dense.ResizeShortest.Rule;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.tensor.random.Philox;
import org.junit.jupiter.api.Test;

/// Against detectron2's and mmcv's formulas, Pillow 9.4 and OpenCV 4.6: `make_resize_fixtures.py` has made them.
class ResizeShortestTest {
    @Test
    void sizesAndBytesAreThoseOfPillowAndOpenCv() throws IOException {
        ByteBuffer pixels = ByteBuffer.wrap(resource("resize.bin"));
        int images = 0;
        int sizes = 0;
        for (String line : new String(resource("resize.txt"), StandardCharsets.UTF_8)
                .lines()
                .toList()) {
            int[] n = Arrays.stream(line.replace(" sizes", "").split(" "))
                    .mapToInt(Integer::parseInt)
                    .toArray();
            RatioResize.Size pillow = size(Rule.PILLOW, n);
            RatioResize.Size openCv = size(Rule.OPENCV, n);
            assertEquals(new RatioResize.Size(n[4], n[5]), pillow, line);
            assertEquals(new RatioResize.Size(n[6], n[7]), openCv, line);
            sizes++;
            if (!line.endsWith("sizes")) {
                RgbImage source = read(pixels, n[0], n[1]);
                assertArrayEquals(read(pixels, n[4], n[5]).rgb(), apply(Rule.PILLOW, source, pillow), line);
                assertArrayEquals(read(pixels, n[6], n[7]).rgb(), apply(Rule.OPENCV, source, openCv), line);
                images++;
            }
        }
        assertEquals(0, pixels.remaining());
        assertTrue(images == 8 && sizes == 96, images + " images, " + sizes + " sizes");
    }

    private static RatioResize.Size size(Rule rule, int... n) {
        return new ResizeShortest(List.of(n[2]), n[3], rule).of(n[0], n[1]);
    }

    private static byte[] apply(Rule rule, RgbImage image, RatioResize.Size size) {
        return new ResizeShortest(List.of(1), 64, rule).apply(image, size).rgb();
    }

    @Test
    void everyShorterSideIsDrawn() {
        ResizeShortest resize = new ResizeShortest(List.of(480, 512, 544), 1333, Rule.PILLOW);
        Set<Integer> drawn = IntStream.range(0, 60)
                .mapToObj(
                        step -> resize.draw(640, 480, new Philox(1, 2, step, 3)).height())
                .collect(Collectors.toSet());
        assertEquals(Set.of(480, 512, 544), drawn);
        assertEquals(544, resize.of(640, 480).height());
    }

    @Test
    void sidesThatMakeNoSenseAreRefused() {
        for (List<Integer> sides : List.of(List.<Integer>of(), List.of(0), List.of(5, 5), List.of(9, 8), List.of(65))) {
            assertThrows(IllegalArgumentException.class, () -> new ResizeShortest(sides, 64, Rule.OPENCV));
        }
    }

    private static RgbImage read(ByteBuffer pixels, int width, int height) {
        byte[] rgb = new byte[3 * width * height];
        pixels.get(rgb);
        return new RgbImage(width, height, rgb);
    }

    private static byte[] resource(String name) throws IOException {
        try (var in = ResizeShortestTest.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }
}
