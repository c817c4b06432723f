package org.jmoco.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.source.DataSpec;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.data.source.Split;
import org.junit.jupiter.params.provider.MethodSource;

/// Files of records without a header: CIFAR-10, CIFAR-100 with its names, STL-10's images, labels and names.
class RecordsFuzz {
    private static final Bounds BOUNDS = new Bounds(DataException.class, 4 << 20, 64);
    private static final int STL_IMAGE = 3 * 96 * 96;

    private static final DiskFolder CIFAR10 = new DiskFolder("cifar10");
    private static final DiskFolder CIFAR100 = new DiskFolder("cifar100");
    private static final DiskFolder NAMES = new DiskFolder("cifar100-names");
    private static final DiskFolder STL = new DiskFolder("stl10");
    private static final DiskFolder STL_LABELS = new DiskFolder("stl10-labels");
    private static final DiskFolder STL_NAMES = new DiskFolder("stl10-names");

    static {
        CIFAR100.write("fine_label_names.txt", names(100));
        NAMES.write("test.bin", new byte[3074]);
        STL.write("test_y.bin", new byte[] {1});
        STL.write("class_names.txt", names(10));
        STL_LABELS.write("test_X.bin", new byte[2 * STL_IMAGE]);
        STL_LABELS.write("class_names.txt", names(10));
        STL_NAMES.write("test_X.bin", new byte[STL_IMAGE]);
        STL_NAMES.write("test_y.bin", new byte[] {2});
    }

    private static byte[] names(int classes) {
        return IntStream.range(0, classes)
                .mapToObj(c -> "class " + c)
                .collect(Collectors.joining("\n"))
                .getBytes(StandardCharsets.US_ASCII);
    }

    static Stream<byte[]> seeds() {
        return Stream.of(
                new byte[3073], new byte[2 * 3074], new byte[STL_IMAGE], new byte[] {1, 10}, names(100), names(10));
    }

    /// The same bytes in the place of each file.
    @MethodSource("seeds")
    @FuzzTest(maxDuration = "20s")
    void records(byte[] file) {
        CIFAR10.write("test_batch.bin", file);
        CIFAR100.write("test.bin", file);
        NAMES.write("fine_label_names.txt", file);
        STL.write("test_X.bin", file);
        STL_LABELS.write("test_y.bin", file);
        STL_NAMES.write("class_names.txt", file);
        for (DiskFolder folder : new DiskFolder[] {CIFAR10, CIFAR100, NAMES, STL, STL_LABELS, STL_NAMES}) {
            BOUNDS.hold(file, bytes -> look(DataSpec.of(folder.root()).images(Split.TEST)));
        }
    }

    static void look(ImageSource images) {
        for (int i = 0; i < images.size(); i++) {
            int label = images.label(i);
            if (label != ImageSource.NO_LABEL
                    && (label < 0
                            || !images.classes().isEmpty()
                                    && label >= images.classes().size())) {
                throw new AssertionError("image " + i + " has the label " + label);
            }
        }
        images.load(images.size() - 1);
    }
}
