package org.jmoco.nn.data.dense;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.image.IndexImage;
import org.jmoco.nn.data.image.PngWriter;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.data.source.Split;
import org.jmoco.nn.data.source.Target;

/// Writes made scenes in the layouts of PASCAL VOC and of COCO at once, so that every reader of the two reads
/// them.
///
/// | below the folder | what |
/// |---|---|
/// | `VOC2012/JPEGImages/<id>.png` | images, without loss |
/// | `VOC2012/SegmentationClass/<id>.png` | label maps with VOC's palette, 0 for background |
/// | `VOC2012/Annotations/<id>.xml` | boxes |
/// | `VOC2012/ImageSets/Segmentation/{train,val}.txt`, `Main/{trainval,test}.txt` | parts |
/// | `VOC2012/classes.txt` | names of the classes of objects |
/// | `coco/{train2017,val2017}/<id>.png` | the images again |
/// | `coco/annotations/instances_{train2017,val2017}.json` | boxes and masks: polygons, or runs for one with a hole |
///
/// @param maker    of scenes   @param train,test how many, at least 1
/// @param progress told how far it is, a line at a time; from several threads, one at a time
public record SceneFiles(SceneMaker maker, int train, int test, Consumer<String> progress) {
    private static final int MOST = 100_000;

    /// @throws DataException if a number of scenes is outside 1 … 100,000
    public SceneFiles {
        if (train < 1 || test < 1 || train > MOST || test > MOST) {
            throw new DataException("there can be 1 to 100000 scenes of a part, not " + train + " and " + test);
        }
    }

    /// What was written.
    ///
    /// @param objects in all scenes   @param share of pixels that are objects, in `[0, 1]`
    public record Written(int objects, double share) {}

    /// Writes all scenes, or nothing.
    ///
    /// @param folder that is missing or empty
    /// @param trainImages,testImages images of one class each, with the same class names
    /// @throws DataException if the folder is not empty, or the images have no class names or too many
    /// @throws UncheckedIOException if it cannot be written
    public Written write(Path folder, ImageSource trainImages, ImageSource testImages) {
        requireClasses(trainImages, testImages);
        Path target = folder.toAbsolutePath();
        try {
            requireEmpty(folder);
            Files.createDirectories(target.getParent());
            Path work = Files.createTempDirectory(target.getParent(), "." + target.getFileName() + "-");
            Thread cleaner = new Thread(() -> delete(work));
            Runtime.getRuntime().addShutdownHook(cleaner);
            try {
                Path finished = Files.createDirectory(work.resolve("finished"));
                Written written = fill(finished, trainImages, testImages);
                Files.deleteIfExists(target);
                Files.move(finished, target, StandardCopyOption.ATOMIC_MOVE);
                return written;
            } finally {
                delete(work);
                Runtime.getRuntime().removeShutdownHook(cleaner);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be written (" + DataException.because(e) + ")", e);
        }
    }

    private static void requireClasses(ImageSource train, ImageSource test) {
        for (ImageSource images : new ImageSource[] {train, test}) {
            if (images.targets() != Target.Kind.CLASS || images.classes().isEmpty() || images.size() == 0) {
                throw new DataException("scenes are made of images of one class each, with class names, as CIFAR-10's; "
                        + "these have " + images.targets()
                        + (images.classes().isEmpty() ? " and no class names" : ""));
            }
        }
        if (!train.classes().equals(test.classes()) || train.classes().size() > 254) {
            throw new DataException("the training and test images must have the same classes, at most 254, not "
                    + train.classes().size() + " and " + test.classes().size());
        }
    }

    private static void requireEmpty(Path folder) throws IOException {
        if (Files.exists(folder)) {
            if (!Files.isDirectory(folder)) {
                throw new DataException(folder + ": is not a folder");
            }
            try (Stream<Path> children = Files.list(folder)) {
                if (children.findAny().isPresent()) {
                    throw new DataException(folder + ": is not empty; name a folder that is missing or empty");
                }
            }
        }
    }

    private Written fill(Path root, ImageSource trainImages, ImageSource testImages) throws IOException {
        Path voc = root.resolve("VOC2012");
        for (String name : new String[] {
            "JPEGImages", "SegmentationClass", "Annotations", "ImageSets/Main", "ImageSets/Segmentation"
        }) {
            Files.createDirectories(voc.resolve(name));
        }
        Files.write(voc.resolve("classes.txt"), trainImages.classes());
        AtomicInteger done = new AtomicInteger();
        Totals totals = new Totals();
        for (Split part : Split.values()) {
            boolean training = part == Split.TRAIN;
            ImageSource images = training ? trainImages : testImages;
            List<String> ids = IntStream.range(0, training ? train : test)
                    .mapToObj(i -> String.format("%s_%06d", part, i))
                    .toList();
            Files.write(voc.resolve("ImageSets/Main/" + (training ? "trainval" : "test") + ".txt"), ids);
            Files.write(voc.resolve("ImageSets/Segmentation/" + (training ? "train" : "val") + ".txt"), ids);
            String cocoPart = training ? "train2017" : "val2017";
            Path cocoImages = Files.createDirectories(root.resolve("coco").resolve(cocoPart));
            SceneMaker.Made[] scenes = new SceneMaker.Made[ids.size()];
            IntStream.range(0, scenes.length).parallel().forEach(i -> {
                scenes[i] = maker.make(images, part, i);
                writeScene(voc, cocoImages, ids.get(i), scenes[i], images.classes());
                int count = done.incrementAndGet();
                if (count % 100 == 0) {
                    synchronized (progress) {
                        progress.accept("made " + count + " of " + (train + test) + " scenes");
                    }
                }
            });
            Path annotations = Files.createDirectories(root.resolve("coco/annotations"));
            SceneJson.write(annotations.resolve("instances_" + cocoPart + ".json"), ids, scenes, images.classes());
            totals.add(scenes);
        }
        return new Written(totals.objects, (double) totals.objectPixels / totals.pixels);
    }

    private static final class Totals {
        private int objects;
        private long objectPixels;
        private long pixels;

        void add(SceneMaker.Made[] scenes) {
            for (SceneMaker.Made scene : scenes) {
                objects += scene.objects().size();
                pixels += scene.labels().classes().length;
                objectPixels += scene.objects().stream()
                        .mapToLong(SceneMaker.MadeObject::area)
                        .sum();
            }
        }
    }

    private static void writeScene(Path voc, Path coco, String id, SceneMaker.Made scene, List<String> classes) {
        try {
            byte[] image = PngWriter.encode(scene.image());
            Files.write(voc.resolve("JPEGImages/" + id + ".png"), image);
            Files.write(coco.resolve(id + ".png"), image);
            Target.LabelMap labels = scene.labels();
            IndexImage map = new IndexImage(labels.width(), labels.height(), labels.classes());
            Files.write(voc.resolve("SegmentationClass/" + id + ".png"), PngWriter.encode(map, palette()));
            Files.writeString(voc.resolve("Annotations/" + id + ".xml"), xml(id, scene, classes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// VOC's colours: the bits of an index are dealt out to red, green and blue, the lowest to the highest bits.
    static byte[] palette() {
        byte[] palette = new byte[768];
        for (int index = 0; index < 256; index++) {
            for (int bit = 0; bit < 8; bit++) {
                palette[3 * index + bit % 3] |= (byte) ((index >> bit & 1) << 7 - bit / 3);
            }
        }
        return palette;
    }

    /// VOC counts pixels from 1, and both ends of a box are inside.
    private static String xml(String id, SceneMaker.Made scene, List<String> classes) {
        StringBuilder text = new StringBuilder();
        text.append("<annotation>\n\t<folder>VOC2012</folder>\n\t<filename>")
                .append(id)
                .append(".png</filename>\n\t<size>\n\t\t<width>")
                .append(scene.image().width())
                .append("</width>\n\t\t<height>")
                .append(scene.image().height())
                .append("</height>\n\t\t<depth>3</depth>\n\t</size>\n\t<segmented>1</segmented>\n");
        for (SceneMaker.MadeObject object : scene.objects()) {
            PixelBox box = object.box();
            text.append("\t<object>\n\t\t<name>")
                    .append(escaped(classes.get(object.label())))
                    .append("</name>\n\t\t<truncated>0</truncated>\n\t\t<difficult>0</difficult>\n\t\t<bndbox>\n")
                    .append("\t\t\t<xmin>")
                    .append(box.left() + 1)
                    .append("</xmin>\n\t\t\t<ymin>")
                    .append(box.top() + 1)
                    .append("</ymin>\n\t\t\t<xmax>")
                    .append(box.left() + box.width())
                    .append("</xmax>\n\t\t\t<ymax>")
                    .append(box.top() + box.height())
                    .append("</ymax>\n\t\t</bndbox>\n\t</object>\n");
        }
        return text.append("</annotation>\n").toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            return; // left for the user, under a name that tells what it is
        }
    }
}
