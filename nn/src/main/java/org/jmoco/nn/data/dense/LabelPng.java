package org.jmoco.nn.data.dense;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.UnreadableImageException;
import org.jmoco.nn.data.image.ImageDecoder;
import org.jmoco.nn.data.image.ImageInfo;
import org.jmoco.nn.data.image.IndexImage;
import org.jmoco.nn.data.source.Target;

/// Reads label maps: PNG files with a palette, whose indices are the labels (PASCAL VOC), or in gray, whose values are.
///
/// 255 stands for no class. A map in colours is refused: the numbers of its classes are not in it.
public final class LabelPng {
    private static final int NO_LABEL = -1;
    private static final int LABELS = 256;

    private final int[] classOf;
    private final String known;

    /// @param classOf `[256]`, the class of each label, [Target.LabelMap#IGNORED], or −1 for what is no label
    private LabelPng(int[] classOf, String known) {
        this.classOf = classOf;
        this.known = known;
    }

    /// Labels that are class numbers, 0 to `classes − 1`.
    ///
    /// @throws IllegalArgumentException if the number of classes is outside 1 … 255
    public static LabelPng ofClasses(int classes) {
        if (classes < 1 || classes > Target.LabelMap.IGNORED) {
            throw new IllegalArgumentException("label maps have 1 to 255 classes, not " + classes);
        }
        int[] table = new int[LABELS];
        Arrays.setAll(table, label -> label < classes ? label : NO_LABEL);
        return of(table, "0 … " + (classes - 1));
    }

    /// Labels 0 to `ids − 1`, of which some are classes, numbered in their order, and the others count for nothing.
    static LabelPng ofIds(int ids, int... ofClasses) {
        int[] table = new int[LABELS];
        Arrays.setAll(table, label -> label < ids ? Target.LabelMap.IGNORED : NO_LABEL);
        IntStream.range(0, ofClasses.length).forEach(c -> table[ofClasses[c]] = c);
        return of(table, "0 … " + (ids - 1));
    }

    private static LabelPng of(int[] table, String known) {
        table[Target.LabelMap.IGNORED] = Target.LabelMap.IGNORED;
        return new LabelPng(table, known);
    }

    /// Reads a file.
    ///
    /// @param decoder whose limit on pixels holds
    /// @throws UnreadableImageException if it is missing, truncated, corrupt or too large
    /// @throws DataException if it is no PNG with a palette or in gray of at most 8 bits, or a pixel has a number
    ///     that is no label, naming the file and the first such pixel
    public Target.LabelMap read(Path file, ImageDecoder decoder) {
        return read(ImageDecoder.read(file), file.toString(), decoder);
    }

    Target.LabelMap read(byte[] bytes, String name, ImageDecoder decoder) {
        requireNumbers(decoder.info(bytes, name), name);
        IndexImage image = decoder.indices(bytes, name);
        byte[] labels = image.indices();
        byte[] classes = new byte[labels.length];
        for (int i = 0; i < labels.length; i++) {
            int number = classOf[labels[i] & 0xFF];
            if (number == NO_LABEL) {
                throw unknown(image, i, name);
            }
            classes[i] = (byte) number;
        }
        return new Target.LabelMap(image.width(), image.height(), classes);
    }

    private static void requireNumbers(ImageInfo info, String name) {
        boolean numbers = switch (info.format()) {
            case PNG ->
                info.colour().startsWith("palette")
                        || info.colour().startsWith("gray")
                                && !info.colour().contains("alpha")
                                && !info.colour().endsWith("16 bit");
            case JPEG, BMP -> false;
        };
        if (!numbers) {
            throw new DataException(
                    name + ": is no label map, which is a PNG with a palette or in gray of 8 bits; it is "
                            + info.format() + " in " + info.colour()
                            + (info.colour().contains("RGB") ? ": write class numbers, not colours" : ""));
        }
    }

    private DataException unknown(IndexImage image, int at, String name) {
        byte[] labels = image.indices();
        byte first = labels[at];
        long same = IntStream.range(at, labels.length)
                .filter(i -> labels[i] == first)
                .count();
        return new DataException(name + ": the pixel at column " + at % image.width() + ", row " + at / image.width()
                + " has the label " + (first & 0xFF) + ", outside " + known + " (255 is no class); " + same
                + (same == 1 ? " pixel has" : " pixels have") + " it");
    }
}
