package org.jmoco.nn.data.source;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jmoco.nn.data.DataException;

/// Training and test images with one class each. Classes are matched by their names: a class number means the same
/// in both, whatever either part's folders or files are called in which order.
///
/// @param train every class that a test image has, has a training image   @param test numbered as `train` is
/// @param classes how many there are, at least 2
public record Classified(ImageSource train, ImageSource test, int classes) {
    /// Matches two parts.
    ///
    /// @param said how many classes there are; 0 to find it out from the training images
    /// @throws DataException if an image has no class or several, one outside `0 … classes − 1`, or one that no
    ///     training image has, naming the image; if there is one class only; or as [ClassNames#matched]
    public static Classified of(ImageSource train, ImageSource test, int said) {
        requireOneClass(train);
        requireOneClass(test);
        int classes = count(train, said);
        requireBelow(train, classes);
        ImageSource matched = train.classes().isEmpty() ? test : ClassNames.matched(test, train.classes());
        requireBelow(matched, classes);
        requireTrained(train, matched, classes);
        return new Classified(train, matched, classes);
    }

    /// The images of a source that have a class, the others being left out; all of them, if classes are unknown.
    public static ImageSource only(ImageSource source) {
        if (source.targets() != Target.Kind.CLASS) {
            return source;
        }
        int[] without = IntStream.range(0, source.size())
                .filter(i -> source.label(i) == ImageSource.NO_LABEL)
                .toArray();
        if (without.length == 0) {
            return source;
        }
        List<LeftOut> leftOut = new ArrayList<>(source.leftOut());
        leftOut.add(new LeftOut(source.reasonWithoutClass(), without.length, source.name(without[0])));
        int[] with = IntStream.range(0, source.size())
                .filter(i -> source.label(i) != ImageSource.NO_LABEL)
                .toArray();
        return new Selection(source, with, leftOut);
    }

    private static void requireOneClass(ImageSource images) {
        if (images.targets() == Target.Kind.CLASS) {
            for (int i = 0; i < images.size(); i++) {
                if (images.label(i) < 0) {
                    throw new DataException(images.name(i) + ": has no class; this needs labelled images");
                }
            }
        } else {
            throw new DataException(images.name(0) + ": has " + images.targets()
                    + (images.targets() == Target.Kind.NONE
                            ? "; this needs labelled images"
                            : "; this needs images of one class each"));
        }
    }

    private static int count(ImageSource train, int said) {
        int[] used =
                IntStream.range(0, train.size()).map(train::label).distinct().toArray();
        if (used.length < 2) {
            throw new DataException(train.name(0) + ": all " + train.size() + " training images have the class '"
                    + train.className(used[0]) + "'; there is nothing to tell apart");
        }
        int most = Arrays.stream(used).max().orElseThrow();
        return said > 0 ? said : Math.max(train.classes().size(), most + 1);
    }

    private static void requireBelow(ImageSource images, int classes) {
        for (int i = 0; i < images.size(); i++) {
            if (images.label(i) >= classes) {
                throw new DataException(
                        images.name(i) + ": the label " + images.label(i) + " is outside 0 … " + (classes - 1));
            }
        }
    }

    private static void requireTrained(ImageSource train, ImageSource test, int classes) {
        boolean[] trained = new boolean[classes];
        IntStream.range(0, train.size()).forEach(i -> trained[train.label(i)] = true);
        for (int i = 0; i < test.size(); i++) {
            if (!trained[test.label(i)]) {
                throw new DataException(
                        test.name(i) + ": no training image has its class, " + train.className(test.label(i)));
            }
        }
    }
}
