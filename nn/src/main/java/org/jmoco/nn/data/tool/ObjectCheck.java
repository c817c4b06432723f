package org.jmoco.nn.data.tool;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.dense.ObjectScene;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.data.source.Target;

/// What [DataCheck] looks for in annotated objects.
final class ObjectCheck {
    /// Annotations that are rounded reach so far over an edge, in pixels.
    private static final double TOLERANCE = 1;
    /// Of a polygon: three corners.
    private static final int FEWEST_NUMBERS = 6;

    private final ImageSource source;

    ObjectCheck(ImageSource source) {
        this.source = source;
    }

    /// Looks at the objects of an image, if it has any as its target.
    static void lookAt(ImageSource source, int index, RgbImage image, List<Finding> findings) {
        if (source.targets() != Target.Kind.OBJECTS) {
            return;
        }
        String name = source.name(index);
        try {
            Target.Objects objects = ObjectScene.objects(source, index);
            ObjectScene.requireEqualSizes(image, objects, name);
            if (objects.instances().isEmpty()) {
                findings.add(new Finding(Finding.Kind.OBJECTLESS, name));
            }
            for (int i = 0; i < objects.instances().size(); i++) {
                Target.Instance one = objects.instances().get(i);
                String what = name + ": object " + (i + 1) + " (" + source.className(one.label()) + ") has ";
                box(one.box(), image, what, findings);
                if (one.mask().isPresent() && isEmpty(one.mask().get())) {
                    findings.add(new Finding(Finding.Kind.MASK, what + "an empty mask"));
                }
            }
        } catch (DataException e) {
            findings.add(new Finding(Finding.Kind.ANNOTATION, e.getMessage()));
        }
    }

    private static void box(Target.Box b, RgbImage image, String what, List<Finding> findings) {
        String box = String.format(Locale.ROOT, "the box %.6g, %.6g … %.6g, %.6g", b.x0(), b.y0(), b.x1(), b.y1());
        if (!(b.x1() > b.x0() && b.y1() > b.y0())) {
            findings.add(new Finding(Finding.Kind.BOX, what + box + ", which is empty"));
        } else if (b.x0() < -TOLERANCE
                || b.y0() < -TOLERANCE
                || b.x1() > image.width() + TOLERANCE
                || b.y1() > image.height() + TOLERANCE) {
            findings.add(new Finding(
                    Finding.Kind.BOX,
                    what + box + ", outside the image of " + image.width() + "×" + image.height() + " pixels"));
        }
    }

    private static boolean isEmpty(Target.Mask mask) {
        return switch (mask) {
            case Target.Mask.Polygons polygons -> polygons.rings().stream().noneMatch(r -> r.length >= FEWEST_NUMBERS);
            case Target.Mask.Runs runs -> {
                int inside = 0;
                for (int run = 1; run < runs.counts().length; run += 2) {
                    inside += runs.counts()[run];
                }
                yield inside == 0;
            }
        };
    }

    /// For each class how many images show it.
    List<CheckReport.ClassCount> classes() {
        int[] counts = new int[source.classes().size()];
        for (int i = 0; i < source.size(); i++) {
            instances(i).stream().mapToInt(Target.Instance::label).distinct().forEach(label -> counts[label]++);
        }
        List<CheckReport.ClassCount> classes = new ArrayList<>();
        for (int c = 0; c < counts.length; c++) {
            classes.add(new CheckReport.ClassCount(source.className(c), counts[c]));
        }
        return classes;
    }

    /// How many objects there are.
    CheckReport.ObjectCount count() {
        if (source.targets() != Target.Kind.OBJECTS) {
            return CheckReport.ObjectCount.NONE;
        }
        int[] objects = new int[source.size()];
        int[] crowds = new int[source.size()];
        for (int i = 0; i < source.size(); i++) {
            List<Target.Instance> all = instances(i);
            objects[i] = all.size();
            crowds[i] = (int) all.stream().filter(Target.Instance::crowd).count();
        }
        return new CheckReport.ObjectCount(
                Arrays.stream(objects).asLongStream().sum(),
                Arrays.stream(crowds).asLongStream().sum(),
                (int) Arrays.stream(objects).filter(n -> n > 0).count());
    }

    /// None of an annotation that cannot be read, which is a finding of its image.
    private List<Target.Instance> instances(int image) {
        try {
            return ObjectScene.objects(source, image).instances();
        } catch (DataException e) {
            return List.of();
        }
    }
}
