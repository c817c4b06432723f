package org.jmoco.nn.data.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.jmoco.nn.data.archive.TarMaker;
import org.jmoco.nn.data.augment.Pipeline;
import org.jmoco.nn.data.augment.Preset;
import org.jmoco.nn.data.image.PngWriter;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.loader.Batch;
import org.jmoco.nn.data.loader.Loader;
import org.jmoco.nn.data.loader.LoaderOptions;
import org.jmoco.nn.data.loader.View;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// ImageNet as it is downloaded, an archive of archives, beside the folder that was unpacked from it: an epoch of
/// batches, two random views of each image, has the same bytes. `-Djmoco.archived=20000` takes so many images.
class ArchivedBatchesTest {
    private static final int IMAGES = Integer.getInteger("jmoco.archived", 600);
    private static final int CLASSES = Math.max(3, IMAGES / 200);

    @TempDir
    Path root;

    @Test
    void anArchiveOfArchivesGivesTheBatchesOfItsFolder() throws Exception {
        Path folder = root.resolve("folder");
        TarMaker train = new TarMaker();
        // Archives are in no order of names.
        for (int i = 0; i < CLASSES; i++) {
            String name = "n%08d".formatted(i * 7919L % CLASSES);
            Path made = folder.resolve(name);
            Files.createDirectories(made);
            for (int k = i; k < IMAGES; k += CLASSES) {
                Files.write(made.resolve(name + "_" + k + ".JPEG"), png(k));
            }
            train.file(name + ".tar", TarMaker.of(made).bytes());
        }
        Path archives = Files.createDirectory(root.resolve("ilsvrc2012"));
        train.write(archives.resolve("ILSVRC2012_img_train.tar"));
        DataSpec unpacked = DataSpec.of(folder);
        for (int start = 0; start < 2; start++) { // the second time by the index, if it is worth one
            DataSpec packed = DataSpec.of(archives.resolve("ILSVRC2012_img_train.tar"));
            assertEquals(
                    unpacked.images(Split.TRAIN).classes(),
                    packed.images(Split.TRAIN).classes());
            assertEquals(sumOfAnEpoch(unpacked), sumOfAnEpoch(packed));
        }
    }

    private static byte[] png(int number) {
        RgbImage image = new RgbImage(20 + number % 7, 18 + number % 5);
        for (int i = 0; i < image.rgb().length; i++) {
            image.rgb()[i] = (byte) (i * (number % 251 + 3) >> 2);
        }
        return PngWriter.encode(image);
    }

    private static String sumOfAnEpoch(DataSpec data) throws Exception {
        ImageSource images = data.images(Split.TRAIN);
        assertEquals(IMAGES, images.size());
        MessageDigest sum = MessageDigest.getInstance("SHA-256");
        Pipeline views = Preset.MOCO_CIFAR.pipeline();
        try (Loader loader = new Loader(
                images, List.of(views, views), LoaderOptions.training(64, 1, 5).withDropLast(false))) {
            while (loader.hasNext()) {
                Batch batch = loader.next();
                for (int i = 0; i < batch.size(); i++) {
                    sum.update((images.name(batch.indices()[i]).replaceFirst(".*/n", "n") + " " + batch.labels()[i])
                            .getBytes());
                }
                for (View view : batch.views()) {
                    sum.update(view.pixels());
                }
            }
        }
        return HexFormat.of().formatHex(sum.digest());
    }
}
