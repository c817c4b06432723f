package org.jmoco.moco;

import static org.jmoco.moco.Miniatures.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jmoco.moco.Miniatures.Result;
import org.jmoco.nn.data.image.PngWriter;
import org.jmoco.nn.data.image.RgbImage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `jmoco data check` on boxes and masks of objects, as a user runs it.
class ObjectCheckTest {
    @TempDir
    private Path root;

    private static final String DOG =
            "{\"id\":1,\"image_id\":1,\"category_id\":5,\"bbox\":[2,3,20,10]," + "\"segmentation\":[[2,3,22,3,22,13]]}";

    @BeforeEach
    void images() {
        for (int i = 1; i <= 4; i++) {
            byte[] rgb = new byte[3 * 30 * 20];
            rgb[0] = (byte) i;
            PngWriter.write(new RgbImage(30, 20, rgb), root.resolve("train2017/" + i + ".png"));
        }
    }

    private void annotate(int width, String... objects) throws IOException {
        List<String> images = new ArrayList<>();
        for (int i = 1; i <= 4; i++) {
            int w = i == 4 ? width : 30;
            images.add("{\"id\":" + i + ",\"file_name\":\"" + i + ".png\",\"width\":" + w + ",\"height\":20}");
        }
        Path json = root.resolve("annotations/instances_train2017.json");
        Files.createDirectories(json.getParent());
        Files.writeString(
                json,
                "{\"images\":[" + String.join(",", images) + "],\"annotations\":[" + String.join(",", objects)
                        + "],\"categories\":[{\"id\":5,\"name\":\"dog\"}]}");
    }

    @Test
    void whatIsOddIsNamedByFileAndObject() throws IOException {
        annotate(
                30,
                DOG,
                DOG.replace("[2,3,20,10]", "[20,3,12.5,10]"),
                DOG.replace("\"image_id\":1", "\"image_id\":2").replace("[2,3,20,10]", "[2,3,0,10]"),
                DOG.replace("\"image_id\":1", "\"image_id\":3").replace("[[2,3,22,3,22,13]]", "[[2,3,4,5]]"));
        Result r = run("data", "check", root);
        assertEquals(0, r.code(), r.err().toString());
        assertTrue(
                r.out().getFirst().endsWith("COCO's objects, 4 images with objects"),
                r.out().getFirst());
        found(
                r,
                "box empty or outside: " + image(1)
                        + ": object 2 (dog) has the box 20.0000, 3.00000 … 32.5000, 13.0000, outside the image of"
                        + " 30×20 pixels");
        found(
                r,
                "box empty or outside: " + image(2)
                        + ": object 1 (dog) has the box 2.00000, 3.00000 … 2.00000, 13.0000, which is empty");
        found(r, "empty mask: " + image(3) + ": object 1 (dog) has an empty mask");
        found(r, "image without objects: " + image(4));
        assertEquals("4", r.value("objects"));
        assertEquals("2", r.value("boxesOutside"));
        assertEquals("1", r.value("emptyMasks"));
        assertEquals("1", r.value("withoutObjects"));
        assertTrue(
                r.out().stream().anyMatch(l -> l.strip().matches("dog +3")),
                r.out().toString());
    }

    @Test
    void whatEndsARunEndsTheCheckInOneLine() throws IOException {
        annotate(31, DOG);
        refused("1 annotation ends a run", run("data", "check", root));
        found(
                run("data", "check", root),
                "unusable annotation: " + image(4) + ": the image has 30×20 pixels, its annotation says 31×20");
        annotate(30, DOG.replace("\"category_id\":5", "\"category_id\":6"));
        refused("the annotation 1 has the category 6, which is not in the file", run("data", "check", root));
        annotate(30, DOG);
        Files.delete(root.resolve("train2017/3.png"));
        refused("image 3", run("data", "check", root));
        refused(
                "holds no boxes of objects",
                run("data", "check", "--objects", Files.createDirectories(root.resolve("empty"))));
        assertEquals(
                2, run("data", "check", "--objects", "--against", root, root).code());
    }

    private Path image(int number) {
        return root.resolve("train2017/" + number + ".png");
    }

    private static void found(Result r, String line) {
        assertTrue(r.out().stream().anyMatch(l -> l.strip().equals(line)), line + "\n" + String.join("\n", r.out()));
    }

    private static void refused(String why, Result r) {
        assertEquals(1, r.code(), r.err().toString());
        assertEquals(1, r.err().size(), r.err().toString());
        assertTrue(r.err().getFirst().contains(why), r.err().getFirst());
    }
}
