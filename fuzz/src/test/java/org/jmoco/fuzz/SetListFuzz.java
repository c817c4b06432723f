package org.jmoco.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.image.PngWriter;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.DataSpec;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.data.source.Split;
import org.junit.jupiter.params.provider.MethodSource;

/// Lists that come with published sets: Oxford pets', Tiny ImageNet's, and those of ImageNet's test images by Kaggle
/// and by TensorFlow. No line of one leads out of the data set.
class SetListFuzz {
    private static final Bounds BOUNDS = new Bounds(DataException.class, 4 << 20, 4096);
    private static final DiskFolder PETS = new DiskFolder("pets");
    private static final DiskFolder BOTH = new DiskFolder("pets-both");
    private static final DiskFolder TINY = new DiskFolder("tiny");
    private static final DiskFolder KAGGLE = new DiskFolder("kaggle");
    private static final DiskFolder TENSORFLOW = new DiskFolder("tensorflow");
    private static final DiskFolder NUMBERS = new DiskFolder("numbers");

    static {
        byte[] png = PngWriter.encode(new RgbImage(1, 1));
        for (DiskFolder pets : List.of(PETS, BOTH)) {
            pets.write("images/Abyssinian_1.jpg", png);
            pets.write("images/beagle_1.jpg", png);
            pets.write("outside.jpg", png);
        }
        BOTH.write("annotations/test.txt", "Abyssinian_1 1 1 1\nbeagle_1 2 2 1\n".getBytes());
        TINY.write("train/n01/images/a.JPEG", png);
        TINY.write("train/n02/images/b.JPEG", png);
        TINY.write("val/images/val_0.JPEG", png);
        TINY.write("outside.JPEG", png);
        for (DiskFolder imageNet : List.of(KAGGLE, TENSORFLOW, NUMBERS)) {
            imageNet.write("ILSVRC2012_img_train/n01/a.JPEG", png);
            imageNet.write("ILSVRC2012_img_train/n02/b.JPEG", png);
            imageNet.write("ILSVRC2012_img_val/ILSVRC2012_val_00000001.JPEG", png);
            imageNet.write("ILSVRC2012_img_val/ILSVRC2012_val_00000002.JPEG", png);
        }
    }

    static Stream<byte[]> seeds() {
        return Seeds.texts(
                "#Image CLASS-ID SPECIES BREED ID\nAbyssinian_1 1 1 1\nbeagle_1 2 2 1\n",
                "../outside 1 1 1\n",
                "val_0.JPEG\tn01\t0\t0\t1\t1\n",
                "../../outside.JPEG\tn02\n",
                "ImageId,PredictionString\nILSVRC2012_val_00000001,n01 1 2 3 4 \nILSVRC2012_val_00000002,n02 9\n",
                "n01\nn02\n",
                "ILSVRC2012_val_00000001.JPEG 1\nILSVRC2012_val_00000002.JPEG 0\n",
                "\u009b2J 1\n");
    }

    /// The same text in the place of each list.
    @MethodSource("seeds")
    @FuzzTest(maxDuration = "20s")
    void list(byte[] file) {
        PETS.write("annotations/test.txt", file);
        BOTH.write("annotations/list.txt", file);
        TINY.write("val/val_annotations.txt", file);
        KAGGLE.write("LOC_val_solution.csv", file);
        TENSORFLOW.write("imagenet_2012_validation_synset_labels.txt", file);
        NUMBERS.write("val.txt", file);
        for (DiskFolder folder : List.of(PETS, BOTH, TINY, KAGGLE, TENSORFLOW, NUMBERS)) {
            BOUNDS.hold(file, bytes -> look(folder, DataSpec.of(folder.root()).images(Split.TEST)));
        }
    }

    private static void look(DiskFolder folder, ImageSource images) {
        RecordsFuzz.look(images);
        for (int i = 0; i < images.size(); i++) {
            Path file = Path.of(images.name(i)).normalize();
            if (!file.startsWith(folder.root()) || file.getParent().equals(folder.root())) {
                throw new AssertionError("leads out of the images: " + file);
            }
        }
    }
}
