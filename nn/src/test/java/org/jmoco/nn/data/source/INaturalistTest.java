package org.jmoco.nn.data.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jmoco.nn.data.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class INaturalistTest {
    @TempDir
    private Path folder;

    private Path annotations(String images, String annotations) throws IOException {
        Files.createDirectories(folder.resolve("train_val2018/Birds/5"));
        Files.write(folder.resolve("train_val2018/Birds/5/a.jpg"), new byte[1]);
        Files.write(folder.resolve("train_val2018/Birds/5/b c.jpg"), new byte[1]);
        String json = "{\"info\": {\"year\": 2018, \"tags\": [1, {}]}, \"annotations\": [" + annotations
                + "], \"images\": [" + images + "], \"licenses\": []}";
        return Files.writeString(folder.resolve("val2018.json"), json);
    }

    private static String image(int id, String file) {
        return "{\"license\": 3, \"file_name\": \"train_val2018/Birds/5/" + file + "\", \"id\": " + id
                + ", \"width\": 800}";
    }

    private static String annotation(int image, int category) {
        return "{\"id\": 1" + image + ", \"image_id\": " + image + ", \"category_id\": " + category + "}";
    }

    @Test
    void joinsImagesAndAnnotations() throws IOException {
        Path json = annotations(
                image(77, "b c.jpg") + "," + image(12, "a.jpg"), annotation(12, 3) + "," + annotation(77, 8141));
        ImageFiles images = INaturalist.read(json, folder);
        assertEquals(2, images.size());
        assertTrue(images.name(0).endsWith("b c.jpg"));
        assertEquals(8141, images.label(0));
        assertEquals(3, images.label(1));
    }

    @Test
    void mistakesAreOneLine() throws IOException {
        assertRefused(image(12, "a.jpg"), annotation(13, 3), "no annotation");
        assertRefused(image(12, "a.jpg"), annotation(12, -2), "no annotation");
        assertRefused(image(12, "none.jpg"), annotation(12, 1), "no such file");
        assertRefused(image(12, "../../../../out.jpg"), annotation(12, 1), "leads out of " + folder);
        assertRefused(image(12, "a\\nb.jpg"), annotation(12, 1), "no such file");
        assertRefused("", annotation(12, 1), "images with id");
        assertRefused("{\"id\": 3}", annotation(12, 1), "images with id");
        assertRefused("{\"id\": 3,", "", "is no iNaturalist annotation file");
        DataException missing =
                assertThrows(DataException.class, () -> INaturalist.read(folder.resolve("missing.json"), folder));
        assertTrue(missing.getMessage().contains("missing.json"), missing.getMessage());
    }

    private void assertRefused(String images, String annotations, String why) throws IOException {
        Path json = annotations(images, annotations);
        DataException e = assertThrows(DataException.class, () -> INaturalist.read(json, folder));
        assertTrue(
                e.getMessage().startsWith(json.toString())
                        && e.getMessage().contains(why)
                        && e.getMessage().lines().count() == 1,
                e.getMessage());
    }
}
