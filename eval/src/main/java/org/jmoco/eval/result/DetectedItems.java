package org.jmoco.eval.result;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jmoco.eval.metrics.Interpolation;
import org.jmoco.eval.metrics.MatchedDetections;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.FormatException;

/// Detected items as arrays, all I32. Of metric `m` there are:
///
/// | name                                   | shape  | meaning                                               |
/// |----------------------------------------|--------|-------------------------------------------------------|
/// | `m/detection-class`, `…-image`         | `[n]`  | class by class, by falling score                      |
/// | `m/true-positive`, `m/ignored`         | `[n]`  | a bit for every threshold                             |
/// | `m/object-class`, `…-image`            | `[k]`  | the objects that count                                |
/// | `m/images-classes-thresholds-points`   | `[4]`  | numbers of these; points as of [Interpolation#points] |
final class DetectedItems {
    private static final String SIZES = "/images-classes-thresholds-points";
    private static final String DETECTION_CLASS = "/detection-class";
    private static final String DETECTION_IMAGE = "/detection-image";
    private static final String TRUE_POSITIVE = "/true-positive";
    private static final String IGNORED = "/ignored";
    private static final String OBJECT_CLASS = "/object-class";
    private static final String OBJECT_IMAGE = "/object-image";

    private DetectedItems() {}

    static void put(Map<String, ArrayData> arrays, String metric, Items.Detected items) {
        MatchedDetections matched = items.matched();
        IntArrayList detectionClass = new IntArrayList();
        IntArrayList detectionImage = new IntArrayList();
        IntArrayList truePositive = new IntArrayList();
        IntArrayList ignored = new IntArrayList();
        IntArrayList objectClass = new IntArrayList();
        IntArrayList objectImage = new IntArrayList();
        for (int c = 0; c < matched.classes().size(); c++) {
            MatchedDetections.OfClass of = matched.classes().get(c);
            for (int d = 0; d < of.image().length; d++) {
                detectionClass.add(c);
                detectionImage.add(of.image()[d]);
                truePositive.add(of.truePositive()[d]);
                ignored.add(of.ignored()[d]);
            }
            for (int image : of.objectImage()) {
                objectClass.add(c);
                objectImage.add(image);
            }
        }
        put(arrays, metric + DETECTION_CLASS, detectionClass);
        put(arrays, metric + DETECTION_IMAGE, detectionImage);
        put(arrays, metric + TRUE_POSITIVE, truePositive);
        put(arrays, metric + IGNORED, ignored);
        put(arrays, metric + OBJECT_CLASS, objectClass);
        put(arrays, metric + OBJECT_IMAGE, objectImage);
        arrays.put(metric + SIZES, ArrayData.ofInts(new int[] {
            matched.images(),
            matched.classes().size(),
            matched.thresholds(),
            items.interpolation().points()
        }));
    }

    private static void put(Map<String, ArrayData> arrays, String name, IntArrayList values) {
        arrays.put(name, ArrayData.ofInts(values.toIntArray()));
    }

    static boolean has(Map<String, ArrayData> arrays, String metric) {
        return arrays.containsKey(metric + SIZES);
    }

    /// @throws FormatException if an array is missing or they do not fit together
    static Items.Detected read(String file, Map<String, ArrayData> arrays, String metric) {
        int[] sizes = ints(file, arrays, metric + SIZES);
        int[] detectionClass = ints(file, arrays, metric + DETECTION_CLASS);
        int[][] detections = Stream.of(DETECTION_IMAGE, TRUE_POSITIVE, IGNORED)
                .map(name -> ints(file, arrays, metric + name))
                .toArray(int[][]::new);
        int[] objectClass = ints(file, arrays, metric + OBJECT_CLASS);
        int[] objectImage = ints(file, arrays, metric + OBJECT_IMAGE);
        if (sizes.length != 4
                || Arrays.stream(detections).anyMatch(a -> a.length != detectionClass.length)
                || objectImage.length != objectClass.length
                || !risingBelow(detectionClass, sizes[1])
                || !risingBelow(objectClass, sizes[1])) {
            throw new FormatException(file, metric + ": the arrays of detections do not fit together");
        }
        List<MatchedDetections.OfClass> classes = new ArrayList<>();
        int d = 0;
        int o = 0;
        for (int c = 0; c < sizes[1]; c++) {
            int fromD = d;
            int fromO = o;
            while (d < detectionClass.length && detectionClass[d] == c) {
                d++;
            }
            while (o < objectClass.length && objectClass[o] == c) {
                o++;
            }
            classes.add(new MatchedDetections.OfClass(
                    Arrays.copyOfRange(detections[0], fromD, d),
                    Arrays.copyOfRange(detections[1], fromD, d),
                    Arrays.copyOfRange(detections[2], fromD, d),
                    Arrays.copyOfRange(objectImage, fromO, o)));
        }
        Interpolation how = Arrays.stream(Interpolation.values())
                .filter(i -> i.points() == sizes[3])
                .findFirst()
                .orElseThrow(() -> new FormatException(file, metric + ": no interpolation of " + sizes[3] + " points"));
        try {
            return new Items.Detected(new MatchedDetections(sizes[0], sizes[2], classes), how);
        } catch (IllegalArgumentException e) {
            throw new FormatException(file, metric + ": " + e.getMessage(), e);
        }
    }

    private static boolean risingBelow(int[] classes, int number) {
        return IntStream.range(0, classes.length)
                .allMatch(i -> classes[i] >= (i == 0 ? 0 : classes[i - 1]) && classes[i] < number);
    }

    private static int[] ints(String file, Map<String, ArrayData> arrays, String name) {
        ArrayData array = arrays.get(name);
        if (array == null || array.rank() != 1) {
            throw new FormatException(file, name + " is missing or no list");
        }
        return array.toIntArray();
    }
}
