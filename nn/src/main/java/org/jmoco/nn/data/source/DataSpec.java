package org.jmoco.nn.data.source;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.WhereSaid;
import org.jmoco.nn.data.archive.Archives;
import org.jmoco.nn.data.image.ImageDecoder;
import org.jmoco.nn.data.loader.LoaderOptions;

/// Where images are, and which of them are used: the one description of data, in configurations and on the command
/// line. Without anything said it is the sample that comes with jmoco.
///
/// @param kind  what lies at `path`; recognised if it is not said
/// @param path  the folder of the data set, which the others are relative to; `~/` stands for the user's home
/// @param list  a list of the training images: the same as `train.list`
/// @param train the training images   @param test the test images
/// @param classes how many classes there are; 0 to find it out from the training images
/// @param limit use so many images of each part only, spread evenly over its classes ([Selection#spread]); 0 for
///     all
/// @param workers threads that decode and augment; 0 for as many as the machine has cores
/// @param maxPixels the largest image that is decoded; [ImageDecoder#DEFAULT_MAX_PIXELS] if it is not said
/// @param unreadable the share of images that may be unreadable before a run ends, in `[0, 1]`; 0 for none at all;
///     [LoaderOptions#MOST_UNREADABLE] if it is not said
public record DataSpec(
        Optional<Kind> kind,
        Optional<String> path,
        @WhereSaid Optional<String> list,
        Part train,
        Part test,
        int classes,
        int limit,
        int workers,
        @WhereSaid Optional<Long> maxPixels,
        @WhereSaid Optional<Double> unreadable) {
    private static final String SAMPLE_WORD = Kind.SAMPLE.toString();

    /// One part of a data set. Without folder and list it is the part that the kind of data set has.
    ///
    /// @param folder of images, or what the list's paths are relative to
    /// @param list   a text file as [ImageList#of] reads it (lines `path label`, or SimCLR's names such as
    ///     `n01440764_18.JPEG`), or iNaturalist's JSON; looked for in the folder of the data set, then in the
    ///     current one
    public record Part(Optional<String> folder, Optional<String> list) {
        public static final Part OF_KIND = new Part(Optional.empty(), Optional.empty());

        /// Images in a folder that a list names.
        public Part(String folder, String list) {
            this(Optional.of(folder), Optional.of(list));
        }

        boolean isSaid() {
            return folder.isPresent() || list.isPresent();
        }
    }

    /// Nothing is said: the sample.
    public static final DataSpec DEFAULT = new DataSpec(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Part.OF_KIND,
            Part.OF_KIND,
            0,
            0,
            0,
            Optional.empty(),
            Optional.empty());

    /// The sample that comes with jmoco.
    public static final DataSpec SAMPLE = DEFAULT.withKind(Kind.SAMPLE);

    public DataSpec {
        if (classes < 0 || limit < 0 || workers < 0) {
            throw new IllegalArgumentException("data.classes, data.limit and data.workers must not be negative, got "
                    + classes + ", " + limit + " and " + workers);
        }
        if (list.isPresent() && train.list().isPresent()) {
            throw new IllegalArgumentException("data.list and data.train.list are the same; say one of them");
        }
        if (maxPixels.isPresent() && maxPixels.get() < 1) {
            throw new IllegalArgumentException("data.max-pixels must be at least 1, got " + maxPixels.get());
        }
        if (unreadable.isPresent() && !(unreadable.get() >= 0 && unreadable.get() <= 1)) {
            throw new IllegalArgumentException("data.unreadable must lie between 0 and 1, got " + unreadable.get());
        }
    }

    /// The data set in a folder, whatever its kind.
    public static DataSpec of(Path folder) {
        return DEFAULT.at(folder.toString());
    }

    // ---- what is there ----

    /// What lies there: as it is said, or as it is recognised.
    ///
    /// @throws DataException as [Kind#recognise]
    public Kind kindThere() {
        if (kind.isPresent()) {
            return kind.get();
        }
        return path.isEmpty() && !isListed() ? Kind.SAMPLE : Kind.recognise(root());
    }

    /// Whether it is ready-made views, which are no images.
    public boolean isViews() {
        return kind.equals(Optional.of(Kind.VIEWS));
    }

    private boolean isListed() {
        return list.isPresent() || train.isSaid() || test.isSaid();
    }

    /// The folder of the data set, or the content of the archives that are named instead, see [Archives].
    ///
    /// @throws DataException if none is given, or an archive is refused
    public Path root() {
        return path.map(DataSpec::folder)
                .orElseThrow(() -> new DataException("data.path is missing: "
                        + kind.map(k -> "data of the kind " + k + " needs a folder")
                                .orElse("name the folder of the data set")));
    }

    /// A path as a person writes it, `~/` being the home folder.
    ///
    /// @throws DataException if it is no path
    public static Path located(String text) {
        String home = System.getProperty("user.home", "?");
        boolean atHome = text.equals("~") || text.startsWith("~/");
        try {
            return Path.of(atHome && !home.equals("?") ? home + text.substring(1) : text);
        } catch (InvalidPathException e) {
            throw new DataException(
                    "'" + DataFiles.shortened(text) + "' is no file name on this system; where names have other "
                            + "letters than ASCII, a UTF-8 locale is needed, as with LC_ALL=C.UTF-8",
                    e);
        }
    }

    /// The folder that a person names, or the content of an archive, see [Archives].
    ///
    /// @throws DataException if it is no path, or an archive is refused
    public static Path folder(String text) {
        return folder(located(text));
    }

    private static Path folder(Path given) {
        return Archives.folder(given, FolderListing::hasImages, FolderParts::isNamedAsPart);
    }

    /// What a part is, after what is said and what the kind has.
    private Part part(Split split) {
        Part said = split == Split.TEST ? test : new Part(train.folder(), list.isPresent() ? list : train.list());
        if (said.isSaid() || path.isEmpty() && kind.isEmpty()) {
            return said;
        }
        return kindThere().part(split);
    }

    // ---- opening ----

    /// The images of a part for work that needs their targets: numbered as those of the training images are, by
    /// their names; images outside of classes are left out.
    ///
    /// @throws DataException if the part is missing or broken, a class folder of the training images is empty, a
    ///     class is one that the training images lack, or a label is outside `classes`, naming the image
    public ImageSource open(Split split) {
        return Selection.spread(whole(split), limit);
    }

    private ImageSource whole(Split split) {
        ImageSource images = Classified.only(all(split));
        if (split == Split.TRAIN) {
            ImageFolder.requireNoEmptyClass(images.leftOut());
        } else if (!images.classes().isEmpty()) {
            images = ClassNames.matched(images, trainingNames(images));
        } else if (test.list().isPresent() && images instanceof ImageFiles files) {
            requireAgreement(files);
        }
        for (int i = 0; classes > 0 && i < images.size(); i++) {
            if (images.label(i) >= classes) {
                throw new DataException(
                        images.name(i) + ": the label " + images.label(i) + " is outside 0 … " + (classes - 1));
            }
        }
        return images;
    }

    /// Every image of a part, with or without a target, for work that needs none.
    ///
    /// @throws DataException if the part is missing or broken
    public ImageSource images(Split split) {
        return Selection.spread(all(split), limit);
    }

    /// The training and test images of one class each.
    ///
    /// @throws DataException as [#open] and [Classified#of]
    public Classified classified() {
        ImageSource train = whole(Split.TRAIN);
        long used =
                IntStream.range(0, train.size()).map(train::label).distinct().count();
        if (limit > 0 && limit < used) {
            throw new DataException("a limit of " + limit + " images leaves out some of the " + used
                    + " classes; it must be at least as many");
        }
        return Classified.of(Selection.spread(train, limit), open(Split.TEST), classes);
    }

    /// A part, if its files are there.
    ///
    /// @throws DataException if they are broken
    public Optional<ImageSource> ifPresent(Split split) {
        boolean there = part(split).isSaid() || !isListed() && kindThere().has(rootOrNowhere(), split);
        return there ? Optional.of(images(split)) : Optional.empty();
    }

    private Path rootOrNowhere() {
        return path.isPresent() ? root() : Path.of("");
    }

    private ImageSource all(Split split) {
        Part part = part(split);
        ImageSource images = part.isSaid() ? said(part) : ofKind(split);
        return maxPixels.isPresent() && images instanceof ImageFiles files
                ? files.with(new ImageDecoder(maxPixels.get()))
                : images;
    }

    private ImageSource ofKind(Split split) {
        if (split == Split.TEST && (list.isPresent() || train.isSaid()) && !testIsThere()) {
            throw new DataException("the test images are not named: a list or a folder is given for the training "
                    + "images alone; give another for them (data.test.list, --test-list)");
        }
        Kind known = kindThere();
        return known.open(known == Kind.SAMPLE ? Path.of("") : root(), split);
    }

    private boolean testIsThere() {
        return path.isPresent() && kindThere().has(root(), Split.TEST);
    }

    private ImageSource said(Part part) {
        if (kind.isPresent()
                && !(kind.get() == Kind.FOLDER || kind.get().part(Split.TRAIN).isSaid())) {
            throw new DataException(part.list().or(part::folder).orElseThrow()
                    + ": a list or a folder goes with images in folders, not with data of the kind " + kind.get());
        }
        if (part.list().isEmpty()) {
            Path folder = folder(part);
            return Shards.isIn(folder) ? Shards.of(folder) : ImageFolder.of(folder);
        }
        Path file = listed(part.list().get());
        Path folder = folder(part);
        return file.toString().endsWith(".json") ? INaturalist.read(file, folder) : ImageList.of(file, folder);
    }

    private Path folder(Part part) {
        if (part.folder().isEmpty()) {
            return DataFiles.requireFolder(root());
        }
        Path said = located(part.folder().get());
        Path apart = folder(path.map(p -> located(p).resolve(said)).orElse(said));
        return DataFiles.requireFolder(Files.isDirectory(apart) || path.isEmpty() ? apart : root().resolve(said));
    }

    /// A list of images that is named, in the folder of the data set or in the current one.
    ///
    /// @throws DataException if it is in neither, or in both
    public Path listed(String name) {
        Path file = file(name);
        if (!Files.exists(file)) {
            throw new DataException(file + ": no such file; name the folder that has it (--data, data.path) or another"
                    + " list (data.train.list, data.test.list)");
        }
        return file;
    }

    private Path file(String name) {
        Path here = located(name);
        Path there = root().resolve(here);
        if (!Files.exists(here) || here.isAbsolute() || here.toAbsolutePath().equals(there.toAbsolutePath())) {
            return there;
        }
        if (Files.exists(there)) {
            throw new DataException("there are two lists " + name + ", " + there.toAbsolutePath() + " and "
                    + here.toAbsolutePath() + "; write the whole path of one");
        }
        return here;
    }

    /// The class names that the training images count, without looking at the images themselves.
    private List<String> trainingNames(ImageSource test) {
        Part part = part(Split.TRAIN);
        if (!part.isSaid()) {
            Kind known = kindThere();
            if (known != Kind.FOLDER || !known.has(root(), Split.TRAIN)) {
                return test.classes();
            }
            return names(FolderParts.of(root()).training(root()), test);
        }
        if (part.list().isEmpty()) {
            Path folder = folder(part);
            return Shards.isIn(folder) ? Shards.of(folder).classes() : names(folder, test);
        }
        ImageSource train = said(part);
        return train.classes().isEmpty()
                ? ClassNames.listed(train, folder(part))
                        .orElseThrow(() -> new DataException(nameless(
                                test,
                                "the training images are numbered by "
                                        + part.list().orElseThrow() + ", not one folder a class")))
                : train.classes();
    }

    /// A list numbers the classes as the training images do, as far as both have names.
    private void requireAgreement(ImageFiles listed) {
        Path folder = folder(test);
        Part part = part(Split.TRAIN);
        if (part.list().isPresent()) {
            ImageSource train = said(part);
            (train.classes().isEmpty() ? ClassNames.listed(train, folder(part)) : Optional.of(train.classes()))
                    .ifPresent(names -> ClassNames.requireAgreement(listed, folder, names));
        } else if (part.isSaid() || kindThere() == Kind.FOLDER && Kind.FOLDER.has(root(), Split.TRAIN)) {
            ClassNames.requireAgreement(listed, folder, trainingNames(listed));
        }
    }

    private static String nameless(ImageSource test, String why) {
        return test.name(0) + ": has the class '" + test.className(test.label(0)) + "', but " + why
                + "; give both parts as folders or both as lists";
    }

    private static List<String> names(Path folder, ImageSource test) {
        List<Path> folders = FolderListing.folders(folder);
        if (folders.isEmpty()) {
            throw new DataException(nameless(test, "the training images in " + folder + " have no class names"));
        }
        return folders.stream().map(f -> f.getFileName().toString()).toList();
    }

    // ---- in results ----

    /// Names of images that do not depend on where the data set lies: paths below its folder.
    public List<String> ids(ImageSource images) {
        String prefix = path.map(p -> located(p) + File.separator).orElse("");
        return IntStream.range(0, images.size())
                .mapToObj(images::id)
                .map(name -> !prefix.isEmpty() && name.startsWith(prefix) ? name.substring(prefix.length()) : name)
                .toList();
    }

    /// What a part is called in results: `data/cifar10 train`.
    public String title(Split split) {
        return kindThere().title(path.orElse(SAMPLE_WORD), split);
    }

    // ---- how it is loaded ----

    /// Threads that decode and augment.
    public int threads() {
        return workers == 0 ? Runtime.getRuntime().availableProcessors() : workers;
    }

    /// Options of a loader with what is said here: threads, and how many images may be unreadable.
    public LoaderOptions loading(LoaderOptions options) {
        return options.withThreads(threads()).withMostUnreadable(unreadable.orElse(LoaderOptions.MOST_UNREADABLE));
    }

    // ---- variants ----

    /// The data set elsewhere, of whatever kind lies there; `sample` stands for the sample that comes with jmoco.
    /// Parts that were not said are, of ImageNet, Places205 and iNaturalist 2018, the images in their lists.
    public DataSpec at(String place) {
        if (place.equals(SAMPLE_WORD)) {
            return with(Optional.of(Kind.SAMPLE), Optional.empty(), Part.OF_KIND, Part.OF_KIND);
        }
        DataSpec there = with(Optional.empty(), Optional.of(place), train, test);
        if (isListed() || !Files.isDirectory(there.root())) {
            return there;
        }
        for (Kind listed : new Kind[] {Kind.IMAGENET, Kind.PLACES205, Kind.INATURALIST2018}) {
            if (listed.isIn(there.root())) {
                return with(Optional.empty(), there.path, listed.part(Split.TRAIN), listed.part(Split.TEST));
            }
        }
        return there;
    }

    private DataSpec with(Optional<Kind> what, Optional<String> where, Part training, Part testing) {
        boolean sample = what.equals(Optional.of(Kind.SAMPLE));
        return new DataSpec(
                what,
                where,
                sample ? Optional.empty() : list,
                training,
                testing,
                classes,
                limit,
                workers,
                maxPixels,
                unreadable);
    }

    /// The same with another folder, whatever lies there.
    public DataSpec withPath(String folder) {
        return with(kind, Optional.of(folder), train, test);
    }

    /// The same with a kind that is said.
    public DataSpec withKind(Kind said) {
        return with(Optional.of(said), path, train, test);
    }

    /// The same with parts that are said.
    public DataSpec withParts(Part training, Part testing) {
        return with(kind, path, training, testing);
    }

    /// The same with another number of classes.
    public DataSpec withClasses(int count) {
        return new DataSpec(kind, path, list, train, test, count, limit, workers, maxPixels, unreadable);
    }

    /// The same with another limit.
    public DataSpec withLimit(int images) {
        return new DataSpec(kind, path, list, train, test, classes, images, workers, maxPixels, unreadable);
    }

    /// The same with other numbers of threads.
    public DataSpec withWorkers(int threads) {
        return new DataSpec(kind, path, list, train, test, classes, limit, threads, maxPixels, unreadable);
    }

    /// The same with another largest image and another share of unreadable ones.
    public DataSpec withTolerance(Optional<Long> pixels, Optional<Double> share) {
        return new DataSpec(kind, path, list, train, test, classes, limit, workers, pixels, share);
    }
}
