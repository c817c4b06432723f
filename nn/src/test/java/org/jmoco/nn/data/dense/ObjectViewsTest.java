package org.jmoco.nn.data.dense;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jmoco.nn.data.dense.ResizeShortest.Rule;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.Target;
import org.junit.jupiter.api.Test;

class ObjectViewsTest {
    private static final ObjectScene SCENE = scene(30, 20, new Target.Box(3, 4, 12, 16), new Target.Box(-2, 5, 33, 21));

    private static final RatioResize.Size SIZE = new RatioResize.Size(30, 20);

    private static ObjectScene scene(int width, int height, Target.Box... boxes) {
        byte[] rgb = new byte[3 * width * height];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (7 * i);
        }
        return new ObjectScene(
                new RgbImage(width, height, rgb),
                List.of(boxes).stream()
                        .map(b -> new Target.Instance(0, b, 1, false, false, Optional.empty()))
                        .toList());
    }

    private static ObjectViews.View view(Rule rule, double flip, int step) {
        ObjectViews views = views(rule, flip);
        return views.view(SCENE, views.geometry(SIZE, 0, 5, step));
    }

    private static ObjectViews.View tested(Rule rule, double flip, ObjectScene scene) {
        ObjectViews views = views(rule, flip);
        return views.view(
                scene,
                views.testing(new RatioResize.Size(
                        scene.image().width(), scene.image().height())));
    }

    private static ObjectViews views(Rule rule, double flip) {
        return new ObjectViews(new ResizeShortest(List.of(40), 100, rule), flip);
    }

    @Test
    void boxesAreScaledCutToTheImageAndFlippedWithIt() {
        ObjectViews.View plain = view(Rule.PILLOW, 0, 0);
        assertEquals(List.of(new Target.Box(6, 8, 24, 32), new Target.Box(0, 10, 60, 40)), plain.boxes());
        ObjectViews.View flipped = view(Rule.PILLOW, 1, 0);
        assertEquals(List.of(new Target.Box(36, 8, 54, 32), new Target.Box(0, 10, 60, 40)), flipped.boxes());
        assertArrayEquals(FlipScene.flip(plain.image()).rgb(), flipped.image().rgb());
        assertTrue(flipped.geometry().flipped() && !plain.geometry().flipped());
    }

    /// 10/3 is no float: mmdet multiplies in float32, detectron2 in float64.
    @Test
    void mmdetCountsInSinglePrecision() {
        ObjectScene scene = scene(12, 12, new Target.Box(1.1, 2.3, 7.7, 9.9));
        Target.Box doubles = tested(Rule.PILLOW, 0, scene).boxes().getFirst();
        Target.Box floats = tested(Rule.OPENCV, 0, scene).boxes().getFirst();
        assertEquals(1.1 * (40 / 12.0), doubles.x0());
        assertEquals(1.1f * (float) (40 / 12.0), floats.x0());
        assertEquals(9.9f * (float) (40 / 12.0), floats.y1());
    }

    @Test
    void aTestedImageIsNotFlipped() {
        assertEquals(
                view(Rule.OPENCV, 0, 0).boxes(), tested(Rule.OPENCV, 1, SCENE).boxes());
    }

    @Test
    void halfOfTheViewsAreFlipped() {
        long flipped = IntStream.range(0, 400)
                .filter(step -> view(Rule.PILLOW, 0.5, step).geometry().flipped())
                .count();
        assertTrue(flipped > 150 && flipped < 250, flipped + " of 400");
    }

    @Test
    void groupsAreOfOneKindEndlessAndTheSameWhereverOneBegins() {
        boolean[] wide = {true, false, true, true, false, true, false};
        AspectGroups groups = new AspectGroups(wide, 2, 3);
        List<int[]> all = new ArrayList<>();
        int[] seen = new int[wide.length];
        for (int g = 0; g < 70; g++) {
            int[] group = groups.next();
            assertEquals(2, group.length);
            assertEquals(wide[group[0]], wide[group[1]], "group " + g);
            seen[group[0]]++;
            seen[group[1]]++;
            all.add(group);
        }
        // 140 places of 7 images: 20 each, but for the one or two that wait for a partner.
        for (int count : seen) {
            assertTrue(count >= 19 && count <= 21, "seen " + count + " times");
        }
        AspectGroups later = new AspectGroups(wide, 2, 3);
        later.skip(41);
        for (int g = 41; g < 70; g++) {
            assertArrayEquals(all.get(g), later.next(), "group " + g);
        }
    }
}
