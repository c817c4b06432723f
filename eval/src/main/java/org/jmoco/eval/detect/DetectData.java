package org.jmoco.eval.detect;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.dense.CocoAnnotations;
import org.jmoco.nn.data.dense.CocoInstances;
import org.jmoco.nn.data.dense.ObjectData;
import org.jmoco.nn.data.dense.ObjectScene;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.data.source.Selection;
import org.jmoco.nn.data.source.Split;
import org.jmoco.nn.data.source.Target;

/// Training and test images with objects of the same classes.
///
/// @param train   images that are trained on, with the objects to find; none where nothing is trained
/// @param test    images that are tested on, in the order of `truth`
/// @param layout  of the test images   @param truth objects of the test images, and the ids of COCO's form
/// @param elevenPoints whether PASCAL VOC's average precision is that of eleven points, as of VOC2007's test images
/// @param remarks what is not trained on, a line each
public record DetectData(
        ImageSource train,
        ImageSource test,
        ObjectData layout,
        CocoAnnotations truth,
        boolean elevenPoints,
        List<String> remarks) {
    public DetectData {
        remarks = List.copyOf(remarks);
    }

    /// Opens what is described, in any layout of [ObjectData].
    ///
    /// @throws DataException if a part is missing or incomplete, training and test images have other classes, or no
    ///     training image has an object to find
    public static DetectData open(DetectConfig config) {
        boolean masks = config.model().masks();
        ObjectData.Part train = ObjectData.open(config.data(), Split.TRAIN, masks);
        ObjectData.Part test = ObjectData.open(config.data(), Split.TEST, masks);
        if (!train.images().classes().equals(test.images().classes())) {
            throw new DataException(test.images().name(0) + ": training and test images have other classes, "
                    + train.images().classes() + " and " + test.images().classes());
        }
        List<String> remarks = new ArrayList<>();
        ImageSource trained = TrainingObjects.of(train, config.flavour(), masks, remarks);
        Tested tested = tested(test);
        requireObjects(tested);
        return new DetectData(trained, tested.images, test.layout(), tested.truth, test.elevenPoints(), remarks);
    }

    /// Opens the test images alone, for a network that is trained already; training images are none then.
    ///
    /// @throws DataException if a part is missing or incomplete, or no test image has an object
    public static DetectData ofTest(DetectConfig config) {
        ObjectData.Part test =
                ObjectData.open(config.data(), Split.TEST, config.model().masks());
        Tested tested = tested(test);
        requireObjects(tested);
        ImageSource none =
                new Selection(test.images(), new int[0], test.images().leftOut());
        return new DetectData(none, tested.images, test.layout(), tested.truth, test.elevenPoints(), List.of());
    }

    /// The names of the classes, by number.
    public List<String> names() {
        return train.classes();
    }

    private record Tested(ImageSource images, CocoAnnotations truth) {}

    private static void requireObjects(Tested tested) {
        if (tested.truth.objects().stream().allMatch(o -> o.instances().isEmpty())) {
            throw new DataException(tested.images.name(0) + " and the other " + (tested.images.size() - 1)
                    + " test images have no object");
        }
    }

    /// COCO's code takes images in the order of their ids, by which equal scores are ranked. VOC's get ids in the
    /// order of its list.
    private static Tested tested(ObjectData.Part part) {
        ImageSource images = part.images();
        if (part.json().isEmpty()) {
            List<Target.Objects> objects = IntStream.range(0, images.size())
                    .parallel()
                    .mapToObj(i -> ObjectScene.objects(images, i))
                    .toList();
            CocoAnnotations truth = new CocoAnnotations(
                    numbers(images.size()),
                    IntStream.range(0, images.size()).mapToObj(images::id).toList(),
                    objects,
                    numbers(images.classes().size()),
                    images.classes());
            return new Tested(images, truth);
        }
        CocoAnnotations whole = CocoInstances.annotations(part.json().get());
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < whole.files().size(); i++) {
            places.put(whole.files().get(i), i);
        }
        int[] order = IntStream.range(0, images.size())
                .boxed()
                .sorted((a, b) -> Integer.compare(places.get(images.id(a)), places.get(images.id(b))))
                .mapToInt(Integer::intValue)
                .toArray();
        int[] used = IntStream.of(order).map(i -> places.get(images.id(i))).toArray();
        CocoAnnotations truth = new CocoAnnotations(
                IntStream.of(used).mapToObj(whole.imageIds()::get).toList(),
                IntStream.of(used).mapToObj(whole.files()::get).toList(),
                IntStream.of(used).mapToObj(whole.objects()::get).toList(),
                whole.categoryIds(),
                whole.classes());
        return new Tested(new Selection(images, order, images.leftOut()), truth);
    }

    private static List<Long> numbers(int count) {
        return LongStream.rangeClosed(1, count).boxed().toList();
    }
}
