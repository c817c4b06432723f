package org.jmoco.nn.data.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.archive.TarMaker;
import org.jmoco.nn.data.image.PngWriter;
import org.jmoco.nn.data.image.RgbImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/// Archives wherever a data set is named: the images, their order, their names in results and their classes are
/// those of the unpacked folder.
class ArchivedDataTest {
    @TempDir
    Path root;

    private int shade;

    private byte[] png() {
        RgbImage image = new RgbImage(2, 1);
        image.rgb()[0] = (byte) ++shade;
        return PngWriter.encode(image);
    }

    private Path image(String name) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, png());
    }

    private Path unpacked() throws IOException {
        for (String name : List.of(
                "train/cat/2.png",
                "train/cat/1.png",
                "train/dog/x/1.png",
                "train/9.png",
                "val/dog/3.png",
                "val/cat/4.png")) {
            image("folder/" + name);
        }
        Files.writeString(root.resolve("folder/train/dog/readme.txt"), "not an image");
        return root.resolve("folder");
    }

    /// What a user sees of a part.
    private record Seen(List<String> ids, List<Integer> labels, List<String> classes, List<byte[]> pixels) {
        static Seen of(DataSpec data, Split split) {
            ImageSource images = data.images(split);
            return new Seen(
                    data.ids(images),
                    IntStream.range(0, images.size()).mapToObj(images::label).toList(),
                    images.classes(),
                    IntStream.range(0, images.size())
                            .mapToObj(i -> images.load(i).rgb())
                            .toList());
        }
    }

    private static void assertSame(DataSpec expected, DataSpec data) {
        for (Split split : Split.values()) {
            Seen wanted = Seen.of(expected, split);
            Seen seen = Seen.of(data, split);
            assertEquals(wanted.ids, seen.ids);
            assertEquals(wanted.labels, seen.labels);
            assertEquals(wanted.classes, seen.classes);
            assertArrayEquals(wanted.pixels.toArray(), seen.pixels.toArray());
            assertEquals(
                    data.open(split).leftOut().stream().map(LeftOut::count).toList(),
                    expected.open(split).leftOut().stream().map(LeftOut::count).toList());
        }
    }

    @Test
    void anArchiveIsReadAsItsFolder() throws IOException {
        DataSpec folder = DataSpec.of(unpacked());
        TarMaker inTopFolder = new TarMaker();
        TarMaker backwards = new TarMaker();
        List<Path> files = new ArrayList<>();
        try (var all = Files.walk(unpackedAlready())) {
            all.filter(Files::isRegularFile).forEach(files::add);
        }
        for (Path file : files.reversed()) {
            String name = unpackedAlready().relativize(file).toString();
            backwards.file("./" + name, Files.readAllBytes(file));
            inTopFolder.file("imagenette2/" + name, Files.readAllBytes(file));
        }
        for (TarMaker tar : List.of(TarMaker.of(unpackedAlready()), backwards, inTopFolder)) {
            Path written = tar.write(root.resolve("x.tar"));
            DataSpec data = DataSpec.of(written);
            assertEquals(Kind.FOLDER, data.kindThere());
            assertSame(folder, data);
            assertEquals(written + "/train/cat/1.png", data.images(Split.TRAIN).name(0));
        }
    }

    private Path unpackedAlready() {
        return root.resolve("folder");
    }

    @Test
    void partsAndClassesMayBeArchives() throws IOException {
        DataSpec folder = DataSpec.of(unpacked());
        Path train = unpackedAlready().resolve("train");
        Path val = unpackedAlready().resolve("val");
        byte[] loose = Files.readAllBytes(train.resolve("9.png"));

        Path parts = root.resolve("parts");
        TarMaker.of(train).write(parts.resolve("train.tar"));
        TarMaker.of(val).write(parts.resolve("val.tar"));
        assertSame(folder, DataSpec.of(parts));

        Path nested = root.resolve("nested");
        new TarMaker()
                .file("cat.tar", TarMaker.of(train.resolve("cat")).bytes())
                .file("dog.tar", TarMaker.of(train.resolve("dog")).bytes())
                .file("9.png", loose)
                .write(nested.resolve("train.tar"));
        TarMaker.of(val).write(nested.resolve("val.tar"));
        assertSame(folder, DataSpec.of(nested));

        Path classes = root.resolve("classes");
        for (Path part : List.of(train, val)) {
            for (String name : List.of("dog", "cat")) {
                TarMaker.of(part.resolve(name)).write(classes.resolve(part.getFileName() + "/" + name + ".tar"));
            }
        }
        DataSpec ofClasses = DataSpec.of(classes);
        assertEquals(Seen.of(folder, Split.TEST).ids, Seen.of(ofClasses, Split.TEST).ids);
        assertEquals(3, ofClasses.open(Split.TRAIN).size());
        assertEquals(
                1, DataSpec.of(classes.resolve("train")).images(Split.TRAIN).label(2));

        DataSpec said =
                DataSpec.DEFAULT.withPath(root.toString()).withParts(part("nested/train.tar"), part("nested/val.tar"));
        assertEquals(Seen.of(folder, Split.TRAIN).labels, Seen.of(said, Split.TRAIN).labels);
        assertEquals(Seen.of(folder, Split.TEST).labels, Seen.of(said, Split.TEST).labels);
    }

    private static DataSpec.Part part(String folder) {
        return new DataSpec.Part(java.util.Optional.of(folder), java.util.Optional.empty());
    }

    /// Archives that lie beside what was unpacked from them are passed over.
    @Test
    void archivesBesideImagesAreNoData() throws IOException {
        unpacked();
        Path tar = unpackedAlready().resolve("ILSVRC2012_img_train.tar");
        Files.writeString(tar, "no archive");
        assertEquals(Kind.FOLDER, DataSpec.of(unpackedAlready()).kindThere());
        assertEquals(4, DataSpec.of(unpackedAlready()).images(Split.TRAIN).size());
    }

    @Test
    void listsNameImagesInArchivesAndNoOthers() throws IOException {
        Path data = root.resolve("in");
        new TarMaker().file("b/1.png", png()).file("a/2.png", png()).write(data.resolve("train.tar"));
        Path list = Files.createDirectories(data.resolve("meta")).resolve("train.txt");
        Files.writeString(data.resolve("meta/val.txt"), "b/1.png 0\n");
        TarMaker.of(Files.createDirectories(root.resolve("none")))
                .file("b/1.png", png())
                .write(data.resolve("val.tar"));
        Files.writeString(list, "b/1.png 1\na/2.png 0\n");
        DataSpec spec = DataSpec.DEFAULT.at(data.toString());
        assertEquals(Kind.IMAGENET, spec.kindThere());
        assertEquals(List.of(1, 0), Seen.of(spec, Split.TRAIN).labels);
        assertEquals(data + "/train/b/1.png", spec.images(Split.TRAIN).name(0));
        for (String outside : List.of("../../secret.png", "/etc/passwd", "../val/b/1.png")) {
            Files.writeString(list, outside + " 1\n");
            assertMessage(
                    list + ":1: '" + outside + "' leads out of " + data
                            + "/train; name a folder that holds all the images",
                    () -> spec.open(Split.TRAIN));
        }
        Files.writeString(list, "b/1.png 1\nb/2.png 1\n");
        assertMessage(list + ":2: no such file: " + data + "/train/b/2.png", () -> spec.open(Split.TRAIN));
    }

    @Test
    void shardsAreReadInTheirOrder() throws IOException {
        Path shards = root.resolve("shards");
        byte[][] images = new byte[6][];
        for (int i = 0; i < images.length; i++) {
            images[i] = png();
        }
        for (int s = 0; s < 2; s++) {
            TarMaker tar = new TarMaker();
            for (int i : new int[] {2 * s + 1, 2 * s}) {
                tar.file("%06d.cls".formatted(i), Integer.toString(9 - i)).file("%06d.png".formatted(i), images[i]);
            }
            tar.write(shards.resolve("train-%06d.tar".formatted(s)));
        }
        new TarMaker()
                .file("0.png", images[4])
                .file("0.json", "{\"label\": 9}")
                .write(shards.resolve("validation-000000.tar"));
        DataSpec data = DataSpec.of(shards);
        assertEquals(Kind.WEBDATASET, data.kindThere());
        Seen train = Seen.of(data, Split.TRAIN);
        assertEquals(
                List.of(
                        "train-000000/000001.png",
                        "train-000000/000000.png",
                        "train-000001/000003.png",
                        "train-000001/000002.png"),
                train.ids);
        assertEquals(List.of(8, 9, 6, 7), train.labels);
        assertArrayEquals(new RgbImageOf(images[3]).rgb(), train.pixels.get(2));
        assertEquals(List.of(9), Seen.of(data, Split.TEST).labels);

        String pattern = shards + "/train-{000000..000001}.tar";
        DataSpec ranged = DataSpec.DEFAULT.at(pattern);
        assertEquals(train.ids, Seen.of(ranged, Split.TRAIN).ids);
        assertEquals(train.labels, Seen.of(ranged, Split.TRAIN).labels);
        assertMessage(
                shards + "/train-000002.tar: no such file, of 3 that " + shards + "/train-{000000..000002}.tar names",
                () -> DataSpec.DEFAULT.at(shards + "/train-{000000..000002}.tar"));
        DataSpec said = DataSpec.DEFAULT
                .withPath(shards.toString())
                .withParts(part("train-{000000..000001}.tar"), part("validation-000000.tar"));
        assertEquals(train.labels, Seen.of(said, Split.TRAIN).labels);
        assertEquals(9, said.open(Split.TEST).label(0));
        DataSpec one = DataSpec.of(shards.resolve("train-000001.tar"));
        assertEquals(List.of(6, 7), Seen.of(one, Split.TRAIN).labels);
    }

    @Test
    void shardsMayHaveNamesForClassesOrNone() throws IOException {
        for (String part : List.of("train", "val")) {
            new TarMaker()
                    .file("0.png", png())
                    .file("0.cls", part.equals("val") ? "dog" : "cat")
                    .file("1.png", png())
                    .file("1.json", "{\"cls\": \"dog\"}")
                    .write(root.resolve("named/" + part + "/0000.tar"));
        }
        DataSpec named = DataSpec.of(root.resolve("named"));
        assertEquals(Kind.WEBDATASET, named.kindThere());
        assertEquals(List.of("cat", "dog"), named.open(Split.TEST).classes());
        assertEquals(List.of(0, 1), Seen.of(named, Split.TRAIN).labels);
        assertEquals(List.of(1, 1), Seen.of(named, Split.TEST).labels);

        for (int s = 0; s < 3; s++) {
            new TarMaker()
                    .file("x.png", png())
                    .file("x.txt", "a caption")
                    .write(root.resolve("plain/0000" + s + ".tar"));
        }
        ImageSource plain = DataSpec.of(root.resolve("plain")).images(Split.TRAIN);
        assertEquals(3, plain.size());
        assertEquals(Target.Kind.NONE, plain.targets());
        for (String synset : List.of("n01440764", "n01443537", "n01484850")) {
            new TarMaker().file("x.png", png()).write(root.resolve("classes/" + synset + ".tar"));
        }
        assertEquals(Kind.FOLDER, DataSpec.of(root.resolve("classes")).kindThere());
        assertEquals(
                List.of("n01440764", "n01443537", "n01484850"),
                DataSpec.of(root.resolve("classes")).open(Split.TRAIN).classes());
        Path negative = new TarMaker().file("0.png", png()).file("0.cls", "-1").write(root.resolve("negative.tar"));
        assertMessage(
                negative + "/0.png: has the class -1, not one from 0 to 999,999",
                () -> DataSpec.of(negative).open(Split.TRAIN));
    }

    @Test
    void compressedArchivesAreNotRead() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(new TarMaker().file("a/1.png", png()).bytes());
        }
        Path file = Files.write(root.resolve("x.tgz"), packed.toByteArray());
        String advice =
                ": is compressed by gzip; plain tar archives and folders are read in place: gzip -dk FILE makes "
                        + "the tar archive";
        assertMessage(file + advice, () -> DataSpec.of(file).open(Split.TRAIN));
        assertMessage(file + advice, () -> DataSpec.of(root).open(Split.TRAIN));
        Path misnamed = Files.write(root.resolve("x.tar"), packed.toByteArray());
        assertMessage(misnamed + advice, () -> DataSpec.of(misnamed).open(Split.TRAIN));
        assertMessage(
                root + "/y.tar: is not a folder".replace("is not a folder", "no such folder"),
                () -> DataSpec.of(root.resolve("y.tar")).open(Split.TRAIN));
    }

    private void devkit(byte[] meta, String truth) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(new TarMaker()
                    .file("ILSVRC2012_devkit_t12/data/meta.mat", meta)
                    .file("ILSVRC2012_devkit_t12/data/ILSVRC2012_validation_ground_truth.txt", truth)
                    .bytes());
        }
        Files.write(root.resolve("ILSVRC2012_devkit_t12.tar.gz"), packed.toByteArray());
    }

    /// SciPy wrote the files of structures: the classes n03, n01, n02 and n99 have the numbers 1 to 4.
    @Test
    void imageNetIsReadAsItIsDownloaded() throws IOException {
        TarMaker train = new TarMaker();
        for (String synset : List.of("n02", "n01", "n03")) {
            train.file(
                    synset + ".tar",
                    new TarMaker()
                            .file(synset + "_9.JPEG", png())
                            .file(synset + "_10.JPEG", png())
                            .bytes());
        }
        train.write(root.resolve("ILSVRC2012_img_train.tar"));
        TarMaker val = new TarMaker();
        for (int i : new int[] {3, 1, 2}) {
            val.file("ILSVRC2012_val_0000000" + i + ".JPEG", png());
        }
        val.write(root.resolve("ILSVRC2012_img_val.tar"));
        DataSpec data = DataSpec.of(root);
        assertMessage(
                root + ": has no classes of the test images; put ILSVRC2012_devkit_t12.tar.gz, val.txt, "
                        + "LOC_val_solution.csv or imagenet_2012_validation_synset_labels.txt beside the archives",
                () -> data.open(Split.TEST));
        for (String file : List.of("meta.mat", "meta-compressed.mat")) {
            byte[] meta = ArchivedDataTest.class.getResourceAsStream(file).readAllBytes();
            devkit(meta, "1\n3\n2\n");
            assertEquals(Kind.ILSVRC2012, data.kindThere());
            assertEquals(List.of(2, 1, 0), Seen.of(data, Split.TEST).labels);
            assertEquals(List.of("n01", "n02", "n03"), data.open(Split.TEST).classes());
            devkit(meta, "1\n4\n2\n");
            assertMessage(
                    root + "/ILSVRC2012_img_val/ILSVRC2012_val_00000002.JPEG: its class n99 is none of the training "
                            + "images'",
                    () -> data.open(Split.TEST));
            devkit(meta, "1\n5\n2\n");
            assertMessage(
                    root + "/ILSVRC2012_devkit_t12.tar.gz: '5' is no number of a class", () -> data.open(Split.TEST));
            for (int length : new int[] {0, 127, 128, 300, meta.length / 2}) {
                devkit(Arrays.copyOf(meta, length), "1\n3\n2\n");
                assertThrows(DataException.class, () -> data.open(Split.TEST));
            }
        }
        assertEquals(
                List.of(
                        "ILSVRC2012_img_train/n01/n01_10.JPEG",
                        "ILSVRC2012_img_train/n01/n01_9.JPEG",
                        "ILSVRC2012_img_train/n02/n02_10.JPEG"),
                Seen.of(data, Split.TRAIN).ids.subList(0, 3));
        labels(data, "imagenet_2012_validation_synset_labels.txt", "n02\nn03\nn01\n", 1, 2, 0);
        labels(
                data,
                "LOC_val_solution.csv",
                "ImageId,PredictionString\nILSVRC2012_val_00000003,n01 1 2 3 4 \nILSVRC2012_val_00000001,n03 5 6 7 8\n"
                        + "ILSVRC2012_val_00000002,n02 9\n",
                2,
                1,
                0);
        labels(
                data,
                "val.txt",
                "ILSVRC2012_val_00000001.JPEG 0\nILSVRC2012_val_00000002.JPEG 2\nILSVRC2012_val_00000003.JPEG 1\n",
                0,
                2,
                1);
        Files.writeString(root.resolve("val.txt"), "ILSVRC2012_val_00000001.JPEG 3\n");
        assertMessage(
                root + "/val.txt: has no number of a class for ILSVRC2012_val_00000001.JPEG, from 0 to 2",
                () -> data.open(Split.TEST));
    }

    private void labels(DataSpec data, String file, String text, Integer... expected) throws IOException {
        Files.writeString(root.resolve(file), text);
        assertEquals(List.of(expected), Seen.of(data, Split.TEST).labels);
    }

    /// The pixels of an encoded image.
    private record RgbImageOf(byte[] encoded) {
        byte[] rgb() {
            return org.jmoco.nn.data.image.ImageDecoder.STANDARD
                    .decode(encoded, "image")
                    .rgb();
        }
    }

    private static void assertMessage(String message, Executable action) {
        assertEquals(message, assertThrows(DataException.class, action).getMessage());
    }
}
