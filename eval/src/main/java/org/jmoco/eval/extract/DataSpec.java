package org.jmoco.eval.extract;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.source.INaturalist;
import org.jmoco.nn.data.source.ImageFolder;
import org.jmoco.nn.data.source.ImageList;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.data.source.Sources;
import org.jmoco.nn.data.source.Split;

/// Where the training and test images of a benchmark are.
///
/// @param kind  what lies at `path`; recognised if it is not said
/// @param path  the folder of the data set, which the others are relative to; not needed for `sample`
/// @param train the training images   @param test the test images
/// @param classes how many classes there are; 0 to find it out from the training images
/// @param limit use the first so many images of each part only; 0 for all
/// @param workers threads that decode and augment; 0 for as many as the machine has cores
public record DataSpec(
        Optional<Sources.Kind> kind,
        Optional<String> path,
        Part train,
        Part test,
        int classes,
        int limit,
        int workers) {
    /// One part of a data set. Without folder and list it is the part that the kind of data set has.
    ///
    /// @param folder of images, or what the list's paths are relative to
    /// @param list   a text file of lines `path label` (ImageNet, Places205), of SimCLR's names
    ///     `n01440764_18.JPEG`, or iNaturalist's JSON
    public record Part(Optional<String> folder, Optional<String> list) {
        public static final Part OF_KIND = new Part(Optional.empty(), Optional.empty());
    }

    /// The sample that comes with jmoco.
    public static final DataSpec SAMPLE =
            new DataSpec(Optional.of(Sources.Kind.SAMPLE), Optional.empty(), Part.OF_KIND, Part.OF_KIND, 0, 0, 0);

    public DataSpec {
        if (classes < 0 || limit < 0 || workers < 0) {
            throw new IllegalArgumentException("data.classes, data.limit and data.workers must not be negative, got "
                    + classes + ", " + limit + " and " + workers);
        }
    }

    /// Data sets whose images are named by lists, told by the list of their training images.
    private enum Listed {
        IMAGENET(part("train", "meta/train.txt"), part("val", "meta/val.txt")),
        PLACES205(part("images256", "train_places205.csv"), part("images256", "val_places205.csv")),
        INATURALIST2018(part(".", "train2018.json"), part(".", "val2018.json"));

        private final Part train;
        private final Part test;

        Listed(Part train, Part test) {
            this.train = train;
            this.test = test;
        }

        private static Part part(String folder, String list) {
            return new Part(Optional.of(folder), Optional.of(list));
        }

        private boolean isIn(Path folder) {
            return Files.exists(folder.resolve(train.list.orElseThrow()));
        }
    }

    /// Opens one part.
    ///
    /// @throws DataException if it is missing or broken, or a label is outside the classes, naming the image
    public ImageSource open(Split split) {
        ImageSource all = all(split == Split.TRAIN ? train : test, split);
        ImageSource images = Sources.first(all, limit);
        for (int i = 0; classes > 0 && i < images.size(); i++) {
            if (images.label(i) >= classes) {
                throw new DataException(
                        images.name(i) + ": the label " + images.label(i) + " is outside 0 … " + (classes - 1));
            }
        }
        return images;
    }

    private ImageSource all(Part part, Split split) {
        if (part.folder.isEmpty() && part.list.isEmpty()) {
            Sources.Kind known = kind.orElseGet(() -> Sources.recognise(root()));
            return Sources.open(known, path.map(Path::of), Optional.empty(), split);
        }
        Path folder = part.folder.map(root()::resolve).orElse(root());
        if (part.list.isEmpty()) {
            return ImageFolder.labelled(folder);
        }
        Path list = root().resolve(part.list.get());
        return list.toString().endsWith(".json") ? INaturalist.read(list, folder) : ImageList.of(list, folder);
    }

    /// The folder of the data set.
    ///
    /// @throws DataException if none is given
    public Path root() {
        return Path.of(
                path.orElseThrow(() -> new DataException("data.path is missing: name the folder of the data set")));
    }

    /// How many classes there are: as the data set says, or one more than the largest label.
    ///
    /// @throws DataException if an image has no class, naming it
    public int classes(ImageSource images) {
        for (int i = 0; i < images.size(); i++) {
            if (images.label(i) < 0) {
                throw new DataException(images.name(i) + ": has no class; this needs labelled images");
            }
        }
        if (classes > 0) {
            return classes;
        }
        return Math.max(
                images.classes().size(),
                1 + IntStream.range(0, images.size()).map(images::label).max().orElse(0));
    }

    /// @throws DataException if an image has no class or one outside `0 … classes − 1`, naming it
    public static void requireClasses(ImageSource images, int classes) {
        for (int i = 0; i < images.size(); i++) {
            if (images.label(i) < 0 || images.label(i) >= classes) {
                throw new DataException(images.name(i) + ": "
                        + (images.label(i) < 0
                                ? "has no class; this needs labelled images"
                                : "the label " + images.label(i) + " is outside 0 … " + (classes - 1)));
            }
        }
    }

    /// Names of images that do not depend on where the data set lies: paths below its folder.
    public List<String> ids(ImageSource images) {
        String prefix = path.map(p -> Path.of(p) + File.separator).orElse("");
        return IntStream.range(0, images.size())
                .mapToObj(images::name)
                .map(name -> !prefix.isEmpty() && name.startsWith(prefix) ? name.substring(prefix.length()) : name)
                .toList();
    }

    /// Threads that decode and augment.
    public int threads() {
        return workers == 0 ? Runtime.getRuntime().availableProcessors() : workers;
    }

    /// The data set elsewhere, of whatever kind lies there; `sample` stands for the sample that comes with jmoco.
    /// Parts that were not said are, of ImageNet, Places205 and iNaturalist 2018, the images in their lists.
    public DataSpec at(String place) {
        if (place.equals("sample")) {
            return new DataSpec(
                    Optional.of(Sources.Kind.SAMPLE),
                    Optional.empty(),
                    Part.OF_KIND,
                    Part.OF_KIND,
                    classes,
                    limit,
                    workers);
        }
        boolean said = !(train.equals(Part.OF_KIND) && test.equals(Part.OF_KIND));
        Optional<Listed> listed = said
                ? Optional.empty()
                : Arrays.stream(Listed.values())
                        .filter(l -> l.isIn(Path.of(place)))
                        .findFirst();
        return new DataSpec(
                Optional.empty(),
                Optional.of(place),
                listed.map(l -> l.train).orElse(train),
                listed.map(l -> l.test).orElse(test),
                classes,
                limit,
                workers);
    }
}
