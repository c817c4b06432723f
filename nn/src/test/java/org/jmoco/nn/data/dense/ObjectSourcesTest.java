package org.jmoco.nn.data.dense;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.image.ImageDecoder;
import org.jmoco.nn.data.image.PngWriter;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.DataSpec;
import org.jmoco.nn.data.source.ImageFiles;
import org.jmoco.nn.data.source.Split;
import org.jmoco.nn.data.source.Target;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// COCO's and VOC's annotations as they are written in the wild, and with mistakes.
class ObjectSourcesTest {
    private static final String IMAGES =
            "\"images\":[{\"id\":9,\"file_name\":\"b.png\",\"width\":6,\"height\":5,\"coco_url\":\"x\"},"
                    + "{\"id\":4,\"file_name\":\"a.png\",\"width\":6,\"height\":5}]";
    private static final String CATEGORIES =
            "\"categories\":[{\"id\":18,\"name\":\"dog\",\"supercategory\":\"animal\"},{\"id\":1,\"name\":\"person\"}]";

    @TempDir
    Path root;

    @BeforeEach
    void images() throws IOException {
        for (String name : List.of("a", "b")) {
            Files.write(root.resolve(name + ".png"), PngWriter.encode(new RgbImage(6, 5)));
        }
    }

    // ---- COCO ----

    /// Numbers of classes are ranks of ids; annotations come before images; one image has none.
    @Test
    void cocoIsReadInAnyOrder() throws IOException {
        ImageFiles coco = coco("{\"info\":{\"a\":[1]},\"annotations\":["
                + "{\"id\":7,\"image_id\":4,\"category_id\":18,\"bbox\":[1,1.5,3,2],\"area\":5.25,\"iscrowd\":0,"
                + "\"segmentation\":[[1,1.5,4,1.5,4,3.5],[0,0,1,0,1,1]]},"
                + "{\"id\":8,\"image_id\":4,\"category_id\":1,\"bbox\":[0,0,6,5],\"area\":30,\"iscrowd\":1,"
                + "\"segmentation\":{\"size\":[5,6],\"counts\":[0,30]}},"
                + "{\"image_id\":4,\"category_id\":1,\"bbox\":[0,0,2,1],"
                + "\"segmentation\":{\"counts\":\"0n0\",\"size\":[5,6]}}]," + IMAGES + "," + CATEGORIES + "}");
        assertEquals(List.of("person", "dog"), coco.classes());
        assertEquals(Target.Kind.OBJECTS, coco.targets());
        assertEquals("b.png", coco.id(0));
        assertEquals(6, coco.load(0).width());
        assertEquals(new Target.Objects(6, 5, List.of()), coco.target(0));
        Target.Objects objects = assertInstanceOf(Target.Objects.class, coco.target(1));
        Target.Instance dog = objects.instances().get(0);
        assertEquals(1, dog.label());
        assertEquals(new Target.Box(1, 1.5, 4, 3.5), dog.box());
        assertEquals(5.25, dog.area());
        Target.Mask.Polygons rings =
                assertInstanceOf(Target.Mask.Polygons.class, dog.mask().orElseThrow());
        assertArrayEquals(new double[] {0, 0, 1, 0, 1, 1}, rings.rings().get(1));
        Target.Instance people = objects.instances().get(1);
        assertTrue(people.crowd() && !dog.crowd());
        Target.Mask.Runs runs =
                assertInstanceOf(Target.Mask.Runs.class, people.mask().orElseThrow());
        assertArrayEquals(new int[] {0, 30}, runs.counts());
        assertEquals(2, objects.instances().get(2).area(), "without an area it is the box's");
        // 30 has bit 4 set, so it takes two characters: 30 | 32 plus 48 is 'n', then '0'.
        Target.Mask.Runs text = assertInstanceOf(
                Target.Mask.Runs.class, objects.instances().get(2).mask().orElseThrow());
        assertArrayEquals(new int[] {0, 30}, text.counts());
    }

    @Test
    void cocoMistakesAreNamed() throws IOException {
        String json = root.resolve("c.json").toString();
        String dog = "{\"id\":7,\"image_id\":4,\"category_id\":18,\"bbox\":[1,1,3,2]}";
        assertEquals(
                json + ": the annotation 7 has the category 5, which is not in the file",
                refused("{\"annotations\":[" + dog.replace("18", "5") + "]," + IMAGES + "," + CATEGORIES + "}"));
        assertEquals(
                json + ": the annotation 7 has the image 44, which is not in the file",
                refused("{\"annotations\":[" + dog.replace(":4", ":44") + "]," + IMAGES + "," + CATEGORIES + "}"));
        assertEquals(json + ": has no annotation", refused("{\"annotations\":[]," + IMAGES + "," + CATEGORIES + "}"));
        assertEquals(
                json + ": is no file of COCO annotations (images, categories and annotations)",
                refused("{\"annotations\":[" + dog + "]," + IMAGES + "}"));
        assertTrue(refused("{\"annotations\":[" + dog.replace(",2]", "]") + "]," + IMAGES + "," + CATEGORIES + "}")
                .contains("the annotation 7 has no image_id, no category_id or no bbox of 4 numbers"));
        assertTrue(refused("{\"annotations\":[" + dog).startsWith(json + ": is no file of COCO annotations ("));
        assertTrue(
                refused("{\"annotations\":[" + dog.replace("7", "\"x\"") + "]}").startsWith(json + ": is no file of"));
        assertTrue(refused("[]").startsWith(json + ": is no file of COCO annotations"));
        String twice = IMAGES.replace("\"id\":9", "\"id\":4");
        assertTrue(refused("{\"annotations\":[" + dog + "]," + twice + "," + CATEGORIES + "}")
                .contains("id 4"));
        Files.delete(root.resolve("b.png"));
        assertEquals(
                json + ": image 9: no such file: " + root.resolve("b.png"),
                refused("{\"annotations\":[" + dog + "]," + IMAGES + "," + CATEGORIES + "}"));
        String outside = IMAGES.replace("a.png", "../a.png");
        assertTrue(refused("{\"annotations\":[" + dog + "]," + outside + "," + CATEGORIES + "}")
                .contains("leads out of"));
        String runs = dog.replace("}", ",\"segmentation\":{\"size\":[5,6],\"counts\":\"0N0\"}}");
        assertTrue(refused("{\"annotations\":[" + runs + "]," + IMAGES + "," + CATEGORIES + "}")
                .contains("a run of -2"));
    }

    private ImageFiles coco(String text) throws IOException {
        Path json = Files.writeString(root.resolve("c.json"), text);
        return CocoInstances.read(json, root, ImageDecoder.STANDARD);
    }

    private String refused(String text) {
        return assertThrows(DataException.class, () -> coco(text)).getMessage();
    }

    @Test
    void aFileOfAnnotationsThatIsMissingIsNamedWithTheFolderOfTheDataSet() {
        DataSpec data =
                DataSpec.of(root).withParts(new DataSpec.Part("coco/train", "coco/a.json"), DataSpec.Part.OF_KIND);
        assertEquals(
                root.resolve("coco/a.json")
                        + ": no such file; name the folder that has it (--data, data.path) or another"
                        + " list (data.train.list, data.test.list)",
                assertThrows(DataException.class, () -> ObjectData.open(data, Split.TRAIN, false))
                        .getMessage());
    }

    // ---- VOC ----

    @Test
    void vocBoxesBeginAtNought() throws IOException {
        Path year = voc("dog");
        ImageFiles voc = VocDetection.read(year, "trainval", ImageDecoder.STANDARD);
        assertEquals(List.of("person", "dog"), voc.classes());
        Target.Objects objects = assertInstanceOf(Target.Objects.class, voc.target(0));
        assertEquals(
                List.of(new Target.Instance(
                        1, new Target.Box(0, 1, 6, 5), 24, true, false, java.util.Optional.empty())),
                objects.instances());
        assertEquals(
                year.resolve("Annotations/a.xml") + ": an object of the class 'cow', which is not in classes.txt",
                assertThrows(
                                DataException.class,
                                () -> VocDetection.read(voc("cow"), "trainval", ImageDecoder.STANDARD)
                                        .target(0))
                        .getMessage());
        Files.delete(year.resolve("Annotations/a.xml"));
        assertTrue(assertThrows(DataException.class, () -> VocDetection.read(year, "trainval", ImageDecoder.STANDARD))
                .getMessage()
                .contains("trainval.txt: the annotation of a: no such file"));
    }

    private Path voc(String name) throws IOException {
        Path year = root.resolve("VOC2007");
        for (String folder : List.of("JPEGImages", "Annotations", "ImageSets/Main")) {
            Files.createDirectories(year.resolve(folder));
        }
        Files.write(year.resolve("JPEGImages/a.png"), PngWriter.encode(new RgbImage(6, 5)));
        Files.writeString(year.resolve("classes.txt"), "person\ndog\n");
        Files.writeString(year.resolve("ImageSets/Main/trainval.txt"), "a\n");
        Files.writeString(
                year.resolve("Annotations/a.xml"),
                "<annotation><size><width>6</width><height>5</height></size><object><name>" + name
                        + "</name><difficult>1</difficult><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>6</xmax>"
                        + "<ymax>5</ymax></bndbox></object></annotation>");
        return year;
    }
}
