package org.jmoco.eval.detect;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jmoco.eval.masks.Rle;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.dense.ObjectData;
import org.jmoco.nn.data.dense.ObjectScene;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.data.source.LeftOut;
import org.jmoco.nn.data.source.Selection;
import org.jmoco.nn.data.source.Target;

/// The images that a detector is trained on, each with the objects that it is to find there: never crowds, nothing
/// that is empty, and what else the [Flavour] leaves out.
///
/// @param all     images as they were read   @param objects of each image
/// @param remarks what was left out, a line each
record TrainingObjects(ImageSource all, List<Target.Objects> objects, List<String> remarks) implements ImageSource {
    /// Of a polygon: three corners.
    private static final int FEWEST_NUMBERS = 6;

    TrainingObjects {
        objects = List.copyOf(objects);
        remarks = List.copyOf(remarks);
    }

    /// Why an object is not to be found.
    private enum Why {
        CROWD("stands for many objects", "stand for many objects"),
        DIFFICULT("is difficult", "are difficult"),
        SMALL("is too small", "are too small"),
        EMPTY("has an empty box, or one outside its image", "have an empty box, or one outside their image"),
        MASKLESS("has an empty mask", "have an empty mask");

        private final String one;
        private final String several;

        Why(String one, String several) {
            this.one = one;
            this.several = several;
        }
    }

    /// Chooses objects and images.
    ///
    /// @param masks whether objects must have masks
    /// @return images of `part` that are trained on
    /// @throws DataException if no image has an object to find, or an object has no mask where masks are learnt
    static ImageSource of(ObjectData.Part part, Flavour flavour, boolean masks, List<String> remarks) {
        ImageSource all = part.images();
        List<Target.Objects> read = IntStream.range(0, all.size())
                .parallel()
                .mapToObj(i -> ObjectScene.objects(all, i))
                .toList();
        Choice choice = new Choice(all, part.layout() == ObjectData.VOC, flavour, masks);
        List<Target.Objects> chosen = new ArrayList<>();
        for (int i = 0; i < read.size(); i++) {
            chosen.add(choice.of(i, read.get(i)));
        }
        int[] used = IntStream.range(0, read.size())
                .filter(i -> isUsed(read.get(i), flavour))
                .toArray();
        if (IntStream.of(used).allMatch(i -> chosen.get(i).instances().isEmpty())) {
            throw new DataException(
                    all.name(0) + " and the other " + (all.size() - 1) + " training images have no object to find");
        }
        remarks.addAll(choice.remarks());
        if (used.length < all.size()) {
            remarks.add((all.size() - used.length) + " of " + all.size()
                    + " training images are left out: they have no object" + tooSmall(flavour));
        }
        TrainingObjects source = new TrainingObjects(all, chosen, choice.remarks());
        return used.length == all.size() ? source : new Selection(source, used, all.leftOut());
    }

    private static String tooSmall(Flavour flavour) {
        return flavour.smallestImage() > 0 ? ", or a side below " + flavour.smallestImage() + " pixels" : "";
    }

    /// Whether an image is trained on: detectron2 wants an object that is no crowd, mmdet any.
    private static boolean isUsed(Target.Objects image, Flavour flavour) {
        return Math.min(image.width(), image.height()) >= flavour.smallestImage()
                && image.instances().stream().anyMatch(o -> flavour.usesCrowdedImages() || !o.crowd());
    }

    /// Which objects of an image are to be found.
    private static final class Choice {
        private final ImageSource all;
        private final boolean voc;
        private final Flavour flavour;
        private final boolean masks;
        private final int[] counts = new int[Why.values().length];
        private final String[] first = new String[Why.values().length];

        Choice(ImageSource all, boolean voc, Flavour flavour, boolean masks) {
            this.all = all;
            this.voc = voc;
            this.flavour = flavour;
            this.masks = masks;
        }

        Target.Objects of(int image, Target.Objects read) {
            List<Target.Instance> chosen = new ArrayList<>();
            for (Target.Instance one : read.instances()) {
                Target.Box box = voc ? flavour.vocBox(one.box()) : one.box();
                Optional<Why> why = why(one, box, read, image);
                if (why.isPresent()) {
                    int w = why.get().ordinal();
                    counts[w]++;
                    first[w] = first[w] == null ? all.name(image) : first[w];
                } else {
                    chosen.add(new Target.Instance(
                            one.label(), box, one.area(), one.difficult(), one.crowd(), one.mask()));
                }
            }
            return new Target.Objects(read.width(), read.height(), chosen);
        }

        private Optional<Why> why(Target.Instance one, Target.Box box, Target.Objects image, int index) {
            double width = box.x1() - box.x0();
            double height = box.y1() - box.y0();
            if (one.crowd()) {
                return Optional.of(Why.CROWD);
            }
            if (one.difficult() && !flavour.trainsOnDifficult()) {
                return Optional.of(Why.DIFFICULT);
            }
            if (!(width > 0 && height > 0 && meets(box, image.width(), image.height()))) {
                return Optional.of(Why.EMPTY);
            }
            if (width < flavour.smallestObject() || height < flavour.smallestObject()) {
                return Optional.of(Why.SMALL);
            }
            if (masks && one.mask().isEmpty()) {
                throw new DataException(all.name(index) + ": a " + all.className(one.label())
                        + " has no mask, and masks are to be learnt");
            }
            return masks && isEmpty(one.mask().orElseThrow()) ? Optional.of(Why.MASKLESS) : Optional.empty();
        }

        /// Whether a mask has no pixel and no polygon of three corners.
        private static boolean isEmpty(Target.Mask mask) {
            return switch (mask) {
                case Target.Mask.Polygons polygons ->
                    polygons.rings().stream().noneMatch(ring -> ring.length >= FEWEST_NUMBERS);
                case Target.Mask.Runs runs -> new Rle(runs.height(), runs.width(), runs.counts()).area() == 0;
            };
        }

        private static boolean meets(Target.Box box, int width, int height) {
            return box.x1() > 0 && box.y1() > 0 && box.x0() < width && box.y0() < height;
        }

        List<String> remarks() {
            List<String> lines = new ArrayList<>();
            for (Why why : Why.values()) {
                int count = counts[why.ordinal()];
                if (count > 0) {
                    lines.add((count == 1
                                    ? "1 object of the training images " + why.one + " and is"
                                    : count + " objects of the training images " + why.several + " and are")
                            + " not trained on, the first in " + first[why.ordinal()]);
                }
            }
            return lines;
        }
    }

    @Override
    public int size() {
        return all.size();
    }

    @Override
    public String name(int index) {
        return all.name(index);
    }

    @Override
    public String id(int index) {
        return all.id(index);
    }

    @Override
    public Target.Kind targets() {
        return Target.Kind.OBJECTS;
    }

    @Override
    public Target target(int index) {
        return objects.get(index);
    }

    @Override
    public List<String> classes() {
        return all.classes();
    }

    @Override
    public RgbImage load(int index) {
        return all.load(index);
    }

    @Override
    public List<LeftOut> leftOut() {
        return all.leftOut();
    }
}
