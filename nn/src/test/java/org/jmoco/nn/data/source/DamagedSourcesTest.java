package org.jmoco.nn.data.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPOutputStream;
import org.jmoco.nn.data.DamagedFiles;
import org.jmoco.nn.data.DamagedFiles.Outcome;
import org.jmoco.nn.data.image.PngWriter;
import org.jmoco.nn.data.image.RgbImage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/// Damaged files that describe data sets. What is read is consistent: every label has its class, every image can
/// be loaded or is unreadable.
class DamagedSourcesTest {
    private static final long MOST_BYTES = 100_000_000;
    private static final List<String> NAMES = List.of("n01/n01_1.png", "n01/n01_2.png", "n02/n02_1.png");

    @TempDir
    Path folder;

    /// A zip file's file system keeps what is written in memory until it is closed: a hundred thousand small files
    /// cost nothing.
    private FileSystem memory;

    private Path root;
    private final TestReporter reporter;

    DamagedSourcesTest(TestReporter reporter) {
        this.reporter = reporter;
    }

    @BeforeEach
    void images() throws IOException {
        memory = FileSystems.newFileSystem(folder.resolve("memory.zip"), Map.of("create", "true"));
        root = memory.getPath("/");
        for (String name : NAMES) {
            Files.createDirectories(root.resolve(name).getParent());
            Files.write(root.resolve(name), PngWriter.encode(new RgbImage(1, 1)));
        }
    }

    @AfterEach
    void close() throws IOException {
        memory.close();
    }

    @Test
    void idxImages() throws IOException {
        byte[] images = SourcesTest.idx(0x0803, new int[] {4, 2, 3}, new int[24]);
        Path labels = Files.write(root.resolve("labels"), SourcesTest.idx(0x0801, new int[] {4}, 0, 1, 2, 9));
        Path file = root.resolve("images");
        feed(
                "IDX images",
                List.of(images, packed(images)),
                damaged -> check(Idx.read(write(file, damaged), labels, Idx.MNIST_CLASSES)));
    }

    @Test
    void idxLabels() throws IOException {
        byte[] labels = SourcesTest.idx(0x0801, new int[] {4}, 0, 1, 2, 9);
        Path images = Files.write(root.resolve("images"), SourcesTest.idx(0x0803, new int[] {4, 2, 3}, new int[24]));
        Path file = root.resolve("labels");
        feed(
                "IDX labels",
                List.of(labels, packed(labels)),
                damaged -> check(Idx.read(images, write(file, damaged), Idx.MNIST_CLASSES)));
    }

    @Test
    void cifarRecords() {
        byte[] records = Cifar10.toRecords(new byte[2 * 3072], new int[] {3, 9});
        feed("CIFAR-10 records", List.of(records), damaged -> {
            write(root.resolve("test_batch.bin"), damaged);
            check(Cifar10.test(root));
        });
    }

    @Test
    void cifarSheets() throws IOException {
        Files.writeString(root.resolve("test_lables.json"), "[3, 8]");
        byte[] sheet = PngWriter.encode(new RgbImage(1024, 2));
        feed("CIFAR-10 sheets", List.of(sheet), damaged -> {
            write(root.resolve("test_batch.png"), damaged);
            check(Cifar10Sheets.test(root));
        });
    }

    @Test
    void cifarSheetLabels() throws IOException {
        Files.write(root.resolve("test_batch.png"), PngWriter.encode(new RgbImage(1024, 2)));
        feed("CIFAR-10 sheet labels", List.of("[3, 8]".getBytes(StandardCharsets.US_ASCII)), damaged -> {
            write(root.resolve("test_lables.json"), damaged);
            check(Cifar10Sheets.test(root));
        });
    }

    @Test
    void lists() {
        List<byte[]> lists = texts(
                "n01/n01_1.png 0\nn02/n02_1.png 1\nn01/n01_2.png 0\n",
                "n01/n01_1.png\nn02/n02_1.png\n",
                "n01_2.png\nn02_1.png\n",
                "file,class\nn01/n01_1.png,ant\nn02/n02_1.png,bee\n",
                "\uFEFFn01/n01_1.png\t1\nn02/n02_1.png\t0\n");
        Path file = root.resolve("list.txt");
        feed("list files", lists, damaged -> check(ImageList.of(write(file, damaged), root)));
        feed(
                "labelled lists",
                lists.subList(0, 1),
                damaged -> check(ImageList.labelled(write(file, damaged), root, 2)));
        feed(
                "ImageNet subset lists",
                lists.subList(2, 3),
                damaged -> check(ImageList.imageNetSubset(write(file, damaged), root)));
    }

    @Test
    void iNaturalistAnnotations() {
        String json = "{\"info\": {\"year\": 2018}, \"images\": [{\"license\": 3, \"file_name\": "
                + "\"n01/n01_1.png\", \"id\": 7}, {\"file_name\": \"n02/n02_1.png\", \"id\": 9, "
                + "\"width\": 1}],"
                + " \"annotations\": [{\"id\": 1, \"image_id\": 9, \"category_id\": 0}, "
                + "{\"image_id\": 7, \"category_id\": 41}]}";
        feed(
                "iNaturalist annotations",
                texts(json),
                damaged -> check(INaturalist.read(write(root.resolve("val2018.json"), damaged), root)));
    }

    @Test
    void vocLists() throws IOException {
        Path lists = Files.createDirectories(root.resolve("ImageSets/Main"));
        Files.createDirectories(root.resolve("JPEGImages"));
        for (String id : List.of("000001", "000002")) {
            Files.write(root.resolve("JPEGImages/" + id + ".jpg"), PngWriter.encode(new RgbImage(1, 1)));
        }
        for (String name : Voc.CLASSES) {
            Files.writeString(lists.resolve(name + "_test.txt"), "000001 -1\n000002  1\n");
        }
        feed("VOC class lists", texts("000001 -1\n000002  0\n"), damaged -> {
            write(lists.resolve("cat_test.txt"), damaged);
            ImageSource images = Voc.read(root, "test");
            check(images);
            for (int i = 0; i < images.size(); i++) {
                for (byte target : ((Target.Classes) images.target(i)).values()) {
                    assertTrue(target >= -1 && target <= 1);
                }
            }
        });
        feed("VOC image lists", texts("000001\n000002\n"), damaged -> {
            write(lists.resolve("test.txt"), damaged);
            check(Voc.listed(root, "Main/test"));
        });
    }

    @Test
    void vocAnnotations() {
        String xml =
                "<annotation><folder>VOC2007</folder><size><width>353</width><height>500</height><depth>3</depth></size>"
                        + "<object><name>dog</name><truncated>1</truncated><difficult>0</difficult><bndbox><xmin>48</xmin><ymin>240</ymin><xmax>195</xmax><ymax>371</ymax></bndbox>"
                        + "<part><name>head</name><bndbox><xmin>1</xmin></bndbox></part></object></annotation>";
        String withEntity =
                "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY e \"eeeeeeeeee\">]>" + xml.replace("VOC2007", "&e;");
        feed("VOC annotations", texts(xml, withEntity), damaged -> {
            VocAnnotation read = VocAnnotation.parse(damaged, "x.xml");
            read.objects()
                    .forEach(o -> assertTrue(
                            o.label() >= 0 && o.label() < 20 && o.xmin() <= o.xmax() && o.ymin() <= o.ymax(),
                            o.toString()));
        });
    }

    private static void check(ImageSource source) {
        assertTrue(source.size() > 0);
        for (int i = 0; i < source.size(); i++) {
            int label = source.label(i);
            assertTrue(
                    label >= ImageSource.NO_LABEL
                            && (source.classes().isEmpty()
                                    || label < source.classes().size()),
                    "label " + label);
        }
        assertEquals(source.load(0).rgb().length, source.load(source.size() - 1).rgb().length);
    }

    private void feed(String reader, List<byte[]> valid, DamagedFiles.Reader reading) {
        Outcome outcome = DamagedFiles.feed(valid, UnaryOperator.identity(), MOST_BYTES, reading);
        reporter.publishEntry(reader, outcome.toString());
        assertTrue(outcome.refused() > 0 && outcome.refused() < outcome.copies(), outcome.toString());
    }

    private static List<byte[]> texts(String... texts) {
        return java.util.Arrays.stream(texts)
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    private static Path write(Path file, byte[] bytes) throws IOException {
        return Files.write(file, bytes);
    }

    private static byte[] packed(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }
}
