package org.jmoco.nn.data.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.archive.TarMaker;
import org.jmoco.nn.data.image.PngWriter;
import org.jmoco.nn.data.image.RgbImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/// Small data sets in the layouts in which the large ones are published, as folders and in archives.
class PublishedLayoutsTest {
    private static final int STL_BYTES = 3 * 96 * 96;

    @TempDir
    Path root;

    private Path write(String name, byte[] bytes) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, bytes);
    }

    private Path write(String name, String text) throws IOException {
        return write(name, text.getBytes());
    }

    private void image(String name) throws IOException {
        write(name, PngWriter.encode(new RgbImage(1, 1)));
    }

    private static List<Integer> labels(ImageSource images) {
        return IntStream.range(0, images.size()).mapToObj(images::label).toList();
    }

    @Test
    void cifar100HasTwoLabelsARecord() throws IOException {
        byte[] records = new byte[2 * 3074];
        records[0] = 19; // of the superclass
        records[1] = 99;
        records[2] = 1; // red of the first pixel
        records[2 + 1024] = 2;
        records[2 + 2048 + 1023] = 3; // blue of the last
        records[3074] = 4;
        records[3075] = 7;
        String names = IntStream.range(0, 100).mapToObj(i -> "c" + i).collect(Collectors.joining("\n")) + "\n\n";
        write("cifar-100-binary/train.bin", records);
        write("cifar-100-binary/test.bin", Arrays.copyOf(records, 3074));
        write("cifar-100-binary/fine_label_names.txt", names);
        TarMaker.of(root).write(root.resolve("c.tar"));
        for (Path given : List.of(root, root.resolve("cifar-100-binary"), root.resolve("c.tar"))) {
            DataSpec data = DataSpec.of(given);
            assertEquals(Kind.CIFAR100, data.kindThere());
            assertEquals(List.of(99, 7), labels(data.open(Split.TRAIN)));
            assertEquals(List.of(99), labels(data.open(Split.TEST)));
            assertEquals("c99", data.open(Split.TEST).className(99));
            byte[] rgb = data.open(Split.TRAIN).load(0).rgb();
            assertEquals(List.of(1, 2, 0, 3), List.of((int) rgb[0], (int) rgb[1], (int) rgb[2], (int) rgb[3071]));
        }
        records[1] = 100;
        Path train = write("cifar-100-binary/train.bin", records);
        assertMessage(
                train + ": record 0 has the label 100, not 0 … 99: is this CIFAR-100's binary version?",
                () -> DataSpec.of(root).open(Split.TRAIN));
        write("cifar-100-binary/train.bin", new byte[3000]);
        assertMessage(
                train + ": 3000 bytes are not a whole number of records of 3074 bytes: the file is cut short, or not "
                        + "CIFAR-100's binary version",
                () -> DataSpec.of(root).open(Split.TRAIN));
        Path list = write("cifar-100-binary/fine_label_names.txt", "one\n");
        assertMessage(list + ": has 1 names, not 100", () -> DataSpec.of(root).open(Split.TRAIN));
    }

    @Test
    void cifar100sPythonVersionIsPointedElsewhere() throws IOException {
        write("cifar-100-python/train", "a pickle");
        assertMessage(
                root
                        + ": holds CIFAR-100's Python version; the binary version is read: ./jmoco data cifar100 --out DIR "
                        + "fetches it",
                () -> DataSpec.of(root).open(Split.TRAIN));
    }

    /// Pre-training takes the unlabelled images too; what needs classes leaves them out.
    @Test
    void stl10sImagesLieColumnByColumn() throws IOException {
        byte[] images = new byte[2 * STL_BYTES];
        images[STL_BYTES + 95] = 5; // red, first column, last row of the second image
        images[STL_BYTES + 2 * 96 * 96 + 96] = 6; // blue, second column, first row
        write("stl10_binary/train_X.bin", images);
        write("stl10_binary/train_y.bin", new byte[] {10, 1});
        write("stl10_binary/test_X.bin", new byte[STL_BYTES]);
        Path testLabels = write("stl10_binary/test_y.bin", new byte[] {2});
        Path further = write("stl10_binary/unlabeled_X.bin", new byte[3 * STL_BYTES]);
        write("stl10_binary/class_names.txt", "airplane\nbird\ncar\ncat\ndeer\ndog\nhorse\nmonkey\nship\ntruck\n");
        TarMaker.of(root).write(root.resolve("stl10_binary.tar"));
        for (Path given : List.of(root, root.resolve("stl10_binary"), root.resolve("stl10_binary.tar"))) {
            DataSpec data = DataSpec.of(given);
            assertEquals(Kind.STL10, data.kindThere());
            assertEquals(List.of(9, 0, -1, -1, -1), labels(data.images(Split.TRAIN)));
            assertEquals(List.of(9, 0), labels(data.open(Split.TRAIN)));
            assertEquals("bird", data.open(Split.TEST).className(1));
            RgbImage second = data.open(Split.TRAIN).load(1);
            assertEquals(5, second.rgb()[3 * 96 * 95]);
            assertEquals(6, second.rgb()[3 + 2]);
            assertEquals(
                    11, IntStream.range(0, STL_BYTES).map(i -> second.rgb()[i]).sum());
        }
        assertEquals(
                "3 images have no class and are left out, the first: " + further + "[0]",
                DataSpec.of(root).open(Split.TRAIN).leftOut().getFirst().toString());
        write("stl10_binary/test_y.bin", new byte[] {11});
        assertMessage(
                testLabels + ": image 0 has the label 11, not 1 … 10",
                () -> DataSpec.of(root).open(Split.TEST));
        write("stl10_binary/test_y.bin", new byte[] {1, 1});
        assertMessage(
                root + "/stl10_binary/test_X.bin: has 1 images, and " + testLabels + " 2 labels",
                () -> DataSpec.of(root).open(Split.TEST));
        write("stl10_binary/unlabeled_X.bin", new byte[5]);
        assertMessage(
                further + ": 5 bytes are not a whole number of images of 27648 bytes: the file is cut short, or not "
                        + "STL-10's binary version",
                () -> DataSpec.of(root).images(Split.TRAIN));
    }

    @Test
    void tinyImageNetsTestImagesHaveAListOfTheirClasses() throws IOException {
        image("t/train/n01443537/images/n01443537_0.JPEG");
        image("t/train/n01443537/images/n01443537_1.JPEG");
        image("t/train/n01629819/images/n01629819_0.JPEG");
        write("t/train/n01443537/n01443537_boxes.txt", "n01443537_0.JPEG\t0\t10\t63\t58\n");
        image("t/val/images/val_0.JPEG");
        image("t/val/images/val_1.JPEG");
        image("t/test/images/test_0.JPEG");
        write("t/wnids.txt", "n01629819\nn01443537\n");
        Path list = write(
                "t/val/val_annotations.txt",
                "val_1.JPEG\tn01629819\t0\t32\t44\t62\nval_0.JPEG\tn01443537\t3\t3\t5\t5\n");
        TarMaker.of(root).write(root.resolve("t.tar"));
        for (Path given : List.of(root.resolve("t"), root.resolve("t.tar"))) {
            DataSpec data = DataSpec.of(given);
            assertEquals(Kind.TINYIMAGENET, data.kindThere());
            assertEquals(List.of(0, 0, 1), labels(data.open(Split.TRAIN)));
            assertEquals(List.of(1, 0), labels(data.open(Split.TEST)));
            assertEquals(List.of("val/images/val_1.JPEG", "val/images/val_0.JPEG"), data.ids(data.open(Split.TEST)));
        }
        DataSpec data = DataSpec.of(root.resolve("t"));
        write("t/val/val_annotations.txt", "val_1.JPEG\tn09\t0\n");
        assertMessage(list + ":1: the class 'n09' has no folder in " + root + "/t/train", () -> data.open(Split.TEST));
        write("t/val/val_annotations.txt", "../../x.JPEG\tn01443537\n");
        assertMessage(
                list + ":1: '../../x.JPEG' leads out of " + root
                        + "/t/val/images; name a folder that holds all the images",
                () -> data.open(Split.TEST));
        write("t/val/val_annotations.txt", "val_7.JPEG\tn01443537\n");
        assertMessage(list + ":1: no such file: " + root + "/t/val/images/val_7.JPEG", () -> data.open(Split.TEST));
        write("t/val/val_annotations.txt", "val_7.JPEG n01443537\n");
        assertMessage(list + ":1: expected a file's name, a tab and its class", () -> data.open(Split.TEST));
    }

    @Test
    void imagenetteIsAFolderOfParts() throws IOException {
        image("imagenette2/train/n01440764/ILSVRC2012_val_00000293.JPEG");
        image("imagenette2/train/n02102040/n02102040_1.JPEG");
        image("imagenette2/val/n02102040/n02102040_2.JPEG");
        write("imagenette2/noisy_imagenette.csv", "path,noisy_labels_0\n");
        TarMaker.of(root).write(root.resolve("i/imagenette2.tar"));
        for (Path given : List.of(root.resolve("imagenette2"), root.resolve("i/imagenette2.tar"), root.resolve("i"))) {
            DataSpec data = DataSpec.of(given);
            assertEquals(Kind.FOLDER, data.kindThere());
            assertEquals(List.of(0, 1), labels(data.open(Split.TRAIN)));
            assertEquals(List.of(1), labels(data.open(Split.TEST)));
        }
    }

    @Test
    void petsAreNamedByTheirImages() throws IOException {
        for (String name : List.of("Abyssinian_1", "Abyssinian_2", "great_pyrenees_15", "yorkshire_terrier_3")) {
            image("p/images/" + name + ".jpg");
        }
        write("p/images/Abyssinian_102.mat", "not an image");
        Path list = write(
                "p/annotations/list.txt",
                "#Image CLASS-ID SPECIES BREED ID\n#ID: 1:37 Class ids\nAbyssinian_1 1 1 1\nAbyssinian_2 1 1 1\n"
                        + "great_pyrenees_15 3 2 1\nyorkshire_terrier_3 2 2 2\n");
        Path train = write("p/annotations/trainval.txt", "great_pyrenees_15 3 2 1\nAbyssinian_2 1 1 1\n");
        write("p/annotations/test.txt", "yorkshire_terrier_3 2 2 2\nAbyssinian_1 1 1 1\n");
        for (String part : List.of("images", "annotations")) {
            Path unpacked = root.resolve("p/" + part);
            TarMaker tar = new TarMaker();
            try (var files = Files.list(unpacked)) {
                for (Path file : files.sorted().toList()) {
                    tar.file(part + "/" + file.getFileName(), Files.readAllBytes(file));
                }
            }
            tar.write(root.resolve("tars/" + part + ".tar"));
        }
        for (Path given : List.of(root.resolve("p"), root.resolve("tars"))) {
            DataSpec data = DataSpec.of(given);
            assertEquals(Kind.PETS, data.kindThere());
            assertEquals(List.of(2, 0), labels(data.open(Split.TRAIN)));
            assertEquals(List.of(1, 0), labels(data.open(Split.TEST)));
            assertEquals(
                    List.of("Abyssinian", "yorkshire_terrier", "great_pyrenees"),
                    data.open(Split.TEST).classes());
        }
        DataSpec data = DataSpec.of(root.resolve("p"));
        write("p/annotations/trainval.txt", "Abyssinian_2 4 1 1\n");
        assertMessage(train + ":1: the class 4 is not in " + list, () -> data.open(Split.TRAIN));
        write("p/annotations/trainval.txt", "Abyssinian_2 one 1 1\n");
        assertMessage(
                train + ":1: expected 'image class …', the class a number from 1 on", () -> data.open(Split.TRAIN));
        write("p/annotations/trainval.txt", "\nAbyssinian_9 1 1 1\n");
        assertMessage(train + ":2: no such file: " + root + "/p/images/Abyssinian_9.jpg", () -> data.open(Split.TRAIN));
        Files.writeString(list, "cat_1 1 1 1\ndog_1 1 1 1\n");
        assertMessage(list + ":2: the class 1 is 'dog' here and 'cat' before", () -> data.open(Split.TEST));
    }

    private static void assertMessage(String message, Executable action) {
        assertEquals(message, assertThrows(DataException.class, action).getMessage());
    }
}
