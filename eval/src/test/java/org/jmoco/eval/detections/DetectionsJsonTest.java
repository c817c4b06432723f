package org.jmoco.eval.detections;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jmoco.eval.boxes.Boxes;
import org.jmoco.eval.masks.Rle;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.dense.CocoAnnotations;
import org.jmoco.nn.data.dense.CocoInstances;
import org.jmoco.nn.data.source.Target;
import org.jmoco.tensor.random.Philox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DetectionsJsonTest {
    private static final CocoAnnotations TWO_IMAGES = new CocoAnnotations(
            List.of(7L, 1L << 40),
            List.of("a.jpg", "b.jpg"),
            List.of(new Target.Objects(4, 3, List.of()), new Target.Objects(5, 2, List.of())),
            List.of(3L, 90L),
            List.of("cat", "dog"));

    @TempDir
    private Path folder;

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        Path file = folder.resolve("new/detections.json");
        Rle mask = new Rle(3, 4, new int[] {2, 5, 4, 1});
        Detections first = new Detections(List.of(
                new Detection(1, 0.1f, 0.1, -2.5, 1e-7, 3, Optional.of(mask)),
                new Detection(0, 1, 1 / 3.0, 0, 4, 1234567.875, Optional.empty())));
        List<Detections> all =
                List.of(first, Detections.of(Boxes.of(0.1f, 0.2f, 3.3f, 1.7f), new float[] {0.25f}, new int[] {1}));
        DetectionsJson.write(file, TWO_IMAGES, all);
        List<Detections> again = DetectionsJson.read(file, TWO_IMAGES);
        assertEquals(2, again.size());
        assertArrayEquals(
                mask.counts(), again.get(0).found().get(0).mask().orElseThrow().counts());
        assertEquals(
                first.found().get(0).withMask(mask), again.get(0).found().get(0).withMask(mask));
        assertEquals(first.found().get(1), again.get(0).found().get(1));
        assertEquals(all.get(1), again.get(1));
        assertEquals(3.3f, again.get(1).found().get(0).right(), "the sum of a float and an exact width is exact");
        assertEquals(1.7f, again.get(1).found().get(0).bottom());
        String text = Files.readString(file);
        assertTrue(text.startsWith("[{\"image_id\":7,\"category_id\":90,\"bbox\":[0.1,-2.5,1.0E-7,3.0],"), text);
        assertTrue(text.contains("\"segmentation\":{\"size\":[3,4],\"counts\":\"254L\"}"), text);
        assertTrue(text.contains("\"image_id\":1099511627776"), text);
    }

    @Test
    void aMaskAloneHasItsBox() throws IOException {
        List<Detections> found = read("[{\"image_id\": 7, \"category_id\": 3, \"score\": 1, \"extra\": {\"a\": [1]}, "
                + "\"segmentation\": {\"counts\": [2, 5, 4, 1], \"size\": [3, 4]}}]");
        Detection d = found.get(0).found().getFirst();
        assertEquals(List.of(0.0, 0.0, 4.0, 3.0), List.of(d.x(), d.y(), d.width(), d.height()));
        assertEquals(List.of(), found.get(1).found());
    }

    @Test
    void whatIsWrongIsNamed() {
        refused("{}", "an array");
        refused(
                "[{\"image_id\": 8, \"category_id\": 3, \"bbox\": [0, 0, 1, 1], \"score\": 1}]",
                "detection 0 has the image_id 8");
        refused("[{\"image_id\": 7, \"category_id\": 4, \"bbox\": [0, 0, 1, 1], \"score\": 1}]", "the category_id 4");
        refused("[{\"category_id\": 3, \"bbox\": [0, 0, 1, 1], \"score\": 1}]", "has no image_id");
        refused("[{\"image_id\": 7, \"category_id\": 3, \"score\": 1}]", "neither a bbox");
        refused("[{\"image_id\": 7, \"category_id\": 3, \"bbox\": [0, 0, 1, 1]}]", "score NaN");
        refused("[{\"image_id\": 7, \"category_id\": 3, \"bbox\": [0, 0, 1, \"x\"], \"score\": 1}]", "detection 0");
        refused(
                "[{\"image_id\": 7, \"category_id\": 3, \"score\": 1, "
                        + "\"segmentation\": {\"size\": [4, 3], \"counts\": [12]}}]",
                "a mask of 3×4 pixels, its image has 4×3");
        refused("[{\"image_id\": 7, \"category_id\": 3, \"bbox\": [0, 0, 1, 1], \"score\": 1}", "detection 1");
        refused("[3]", "detection 0");
        Path missing = folder.resolve("none.json");
        assertThrows(DataException.class, () -> DetectionsJson.read(missing, TWO_IMAGES));
        Detections third = new Detections(List.of(new Detection(2, 1, 0, 0, 1, 1, Optional.empty())));
        assertThrows(
                IllegalArgumentException.class,
                () -> DetectionsJson.write(missing, TWO_IMAGES, List.of(third, Detections.NONE)));
        assertThrows(IllegalArgumentException.class, () -> DetectionsJson.write(missing, TWO_IMAGES, List.of(third)));
        assertFalse(Files.exists(missing), "nothing half-written stays");
    }

    /// Images and classes by id, whatever their order in the file.
    @Test
    void annotationsStandInTheOrderOfIds() throws IOException {
        Path file = Files.writeString(folder.resolve("instances.json"), """
                {"images": [{"id": 9, "file_name": "z.jpg", "width": 5, "height": 6},
                            {"id": 2, "file_name": "a.jpg", "width": 7, "height": 8}],
                 "annotations": [{"id": 1, "image_id": 9, "category_id": 30, "bbox": [1, 2, 3, 4], "area": 11.5,
                                  "iscrowd": 1, "segmentation": {"size": [6, 5], "counts": [30]}},
                                 {"id": 2, "image_id": 2, "category_id": 4, "bbox": [0, 0, 2, 2]}],
                 "categories": [{"id": 30, "name": "dog"}, {"id": 4, "name": "cat"}]}
                """);
        CocoAnnotations a = CocoInstances.annotations(file);
        assertEquals(List.of(2L, 9L), a.imageIds());
        assertEquals(List.of("a.jpg", "z.jpg"), a.files());
        assertEquals(List.of(4L, 30L), a.categoryIds());
        assertEquals(List.of("cat", "dog"), a.classes());
        assertEquals(7, a.objects().get(0).width());
        assertEquals(0, a.objects().get(0).instances().getFirst().label());
        Target.Instance crowd = a.objects().get(1).instances().getFirst();
        assertEquals(new Target.Box(1, 2, 4, 6), crowd.box());
        assertEquals(11.5, crowd.area());
        assertTrue(crowd.crowd() && crowd.mask().isPresent());
    }

    @Test
    void numbersMustFit() {
        assertThrows(IllegalArgumentException.class, () -> Detections.of(Boxes.NONE, new float[1], new int[0]));
        assertThrows(
                IllegalArgumentException.class, () -> Detections.NONE.withMasks(List.of(new Rle(1, 1, new int[] {1}))));
        assertThrows(IllegalArgumentException.class, () -> new Detection(-1, 1, 0, 0, 1, 1, Optional.empty()));
    }

    /// Whatever bytes change or are missing, a file is read or refused in one line.
    @Test
    void damageIsNamed() throws IOException {
        Path file = folder.resolve("detections.json");
        Rle mask = new Rle(3, 4, new int[] {2, 5, 4, 1});
        Detection d = new Detection(1, 0.5, 0.1, 2.5, 1e-7, 3, Optional.of(mask));
        DetectionsJson.write(file, TWO_IMAGES, List.of(new Detections(List.of(d, d)), Detections.NONE));
        byte[] whole = Files.readAllBytes(file);
        Philox draws = new Philox(6, 0, 0, 0);
        int refused = 0;
        for (int k = 0; k < 400; k++) {
            byte[] bytes = k % 4 == 0 ? Arrays.copyOf(whole, draws.below(whole.length)) : whole.clone();
            for (int c = k % 4; c > 0; c--) {
                bytes[draws.below(bytes.length)] = (byte) "0123456789.-e[]{},:\"anN \n".charAt(draws.below(25));
            }
            Files.write(file, bytes);
            try {
                DetectionsJson.read(file, TWO_IMAGES);
            } catch (DataException e) {
                assertEquals(1, e.getMessage().lines().count(), e.getMessage());
                refused++;
            }
        }
        assertTrue(refused > 200, refused + " of 400 refused");
    }

    private List<Detections> read(String json) throws IOException {
        return DetectionsJson.read(Files.writeString(folder.resolve("read.json"), json), TWO_IMAGES);
    }

    private void refused(String json, String words) {
        DataException e = assertThrows(DataException.class, () -> read(json), json);
        assertTrue(e.getMessage().contains(words) && e.getMessage().lines().count() == 1, e.getMessage());
    }
}
