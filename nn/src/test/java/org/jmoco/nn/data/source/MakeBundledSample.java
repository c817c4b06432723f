package org.jmoco.nn.data.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jmoco.nn.data.image.PngWriter;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.tensor.random.Philox;

/// Makes the sheets of [BundledSample] from CIFAR-10's binary files. After `mvn -pl nn -am test-compile`:
///
/// ```
/// java -cp nn/target/test-classes:nn/target/classes:tensor/target/classes \
///     org.jmoco.nn.data.source.MakeBundledSample CIFAR_FOLDER nn/src/main/resources/org/jmoco/nn/data/source/sample
/// ```
///
/// Of each class the images are taken whose places come first in a random order with the seed 2009; they keep
/// their official order.
final class MakeBundledSample {
    private static final long SEED = 2009;

    private MakeBundledSample() {}

    public static void main(String[] arguments) throws IOException {
        Path cifar = Path.of(arguments[0]);
        Path to = Files.createDirectories(Path.of(arguments[1]));
        Files.write(to.resolve("train.png"), sheet(Cifar10.train(cifar), 0, BundledSample.TRAIN_PER_CLASS));
        Files.write(to.resolve("test.png"), sheet(Cifar10.test(cifar), 1, BundledSample.TEST_PER_CLASS));
    }

    private static byte[] sheet(InMemoryImages images, int part, int perClass) {
        int count = perClass * Cifar10.CLASSES.size();
        RgbImage sheet =
                new RgbImage(BundledSample.COLUMNS * Cifar10.SIDE, count / BundledSample.COLUMNS * Cifar10.SIDE);
        for (int label = 0; label < Cifar10.CLASSES.size(); label++) {
            int[] chosen = choose(images, label, part, perClass);
            for (int i = 0; i < perClass; i++) {
                byte[] pixels = images.load(chosen[i]).rgb();
                for (int y = 0; y < Cifar10.SIDE; y++) {
                    int at = BundledSample.placeInSheet(label * perClass + i, y);
                    System.arraycopy(pixels, y * 3 * Cifar10.SIDE, sheet.rgb(), at, 3 * Cifar10.SIDE);
                }
            }
        }
        return PngWriter.encode(sheet);
    }

    /// Indices of the images of a class that the sample has.
    static int[] choose(InMemoryImages images, int label, int part, int perClass) {
        int[] ofClass = IntStream.range(0, images.size())
                .filter(i -> images.label(i) == label)
                .toArray();
        int[] order = new Philox(SEED, label, part, 0).permutation(ofClass.length);
        return Arrays.stream(order)
                .limit(perClass)
                .map(i -> ofClass[i])
                .sorted()
                .toArray();
    }
}
