package org.jmoco.nn.data.source;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.archive.Archives;

/// What lies where a [DataSpec] points to.
public enum Kind {
    /// Nothing has to: the images of [BundledSample], 4,000 to train on and 1,000 to test.
    SAMPLE,
    /// [Cifar10] binary files, or the PNG sheets of [Cifar10Sheets].
    CIFAR10,
    /// [Cifar100] binary files.
    CIFAR100,
    /// [Stl10] binary files: what is trained on is labelled, then unlabelled.
    STL10,
    /// [Idx] pairs, plain or gzipped: `train-*` and `t10k-*`.
    IDX,
    /// A [Voc] year, or the `VOCdevkit` around it: `trainval` and `test`.
    VOC,
    /// ImageNet with its lists: `train`, `val`, `meta/train.txt`, `meta/val.txt`.
    IMAGENET(new DataSpec.Part("train", "meta/train.txt"), new DataSpec.Part("val", "meta/val.txt")),
    /// Places205 with its lists: `images256`, `train_places205.csv`, `val_places205.csv`.
    PLACES205(
            new DataSpec.Part("images256", "train_places205.csv"), new DataSpec.Part("images256", "val_places205.csv")),
    /// iNaturalist 2018 with its annotations: `train_val2018`, `train2018.json`, `val2018.json`.
    INATURALIST2018(new DataSpec.Part(".", "train2018.json"), new DataSpec.Part(".", "val2018.json")),
    /// ImageNet as it is downloaded, in archives: [Ilsvrc2012].
    ILSVRC2012,
    /// [TinyImageNet]: `train`, and `val` with its annotations.
    TINYIMAGENET,
    /// [OxfordPets]: `images`, `annotations`.
    PETS,
    /// Tar [Shards] in WebDataset's layout.
    WEBDATASET,
    /// An [ImageFolder]: the folder is to be trained on, or its `train` if it has one, its `val` or `test` to be
    /// tested on.
    FOLDER,
    /// Ready-made batches of views, which are no images; for pre-training alone.
    VIEWS;

    private final DataSpec.Part train;
    private final DataSpec.Part test;

    Kind() {
        this(DataSpec.Part.OF_KIND, DataSpec.Part.OF_KIND);
    }

    Kind(DataSpec.Part train, DataSpec.Part test) {
        this.train = train;
        this.test = test;
    }

    /// The kind of what lies in a folder, told by the names in it.
    ///
    /// @throws DataException if the folder is missing, empty or holds nothing known: says what was looked for
    public static Kind recognise(Path folder) {
        DataFiles.requireFolder(folder);
        for (Kind kind : values()) {
            if (kind.isIn(folder)) {
                return kind;
            }
        }
        if (Files.isDirectory(folder.resolve("cifar-10-batches-py")) || Files.exists(folder.resolve("data_batch_1"))) {
            throw new DataException(folder
                    + ": holds CIFAR-10's Python version; the binary version is read: ./jmoco data "
                    + "cifar10 --out DIR fetches it");
        }
        if (Files.isDirectory(folder.resolve("cifar-100-python"))) {
            throw new DataException(folder
                    + ": holds CIFAR-100's Python version; the binary version is read: ./jmoco data "
                    + "cifar100 --out DIR fetches it");
        }
        Archives.compressedIn(folder).ifPresent(advice -> {
            throw new DataException(advice);
        });
        throw new DataException(folder
                + ": holds no data set. Looked for CIFAR-10 (data_batch_1.bin or data_batch_1.png, also in"
                + " cifar-10-batches-bin), CIFAR-100, STL-10, Tiny ImageNet, Oxford pets, ImageNet's archives, tar"
                + " shards, IDX (train-images-idx3-ubyte, also with .gz), VOC (ImageSets beside JPEGImages) and JPEG,"
                + " PNG or BMP images, with or without class folders" + ImageFolder.instead(folder));
    }

    /// Whether it lies in a folder.
    boolean isIn(Path folder) {
        return switch (this) {
            case SAMPLE, VIEWS -> false;
            case CIFAR10, CIFAR100, STL10, IDX, VOC, ILSVRC2012, PETS, WEBDATASET ->
                has(folder, Split.TRAIN) || has(folder, Split.TEST);
            case TINYIMAGENET -> TinyImageNet.isIn(folder);
            case IMAGENET, PLACES205, INATURALIST2018 ->
                Files.exists(folder.resolve(train.list().orElseThrow()));
            case FOLDER -> FolderListing.hasImages(folder);
        };
    }

    /// Where the images of a part lie below the folder, and the list that names them; both empty for a kind whose
    /// files are the part.
    DataSpec.Part part(Split split) {
        return split == Split.TRAIN ? train : test;
    }

    /// Whether the files of a part are in a folder. Of one that lists name, both are taken to be there.
    boolean has(Path folder, Split split) {
        return switch (this) {
            case SAMPLE, IMAGENET, PLACES205, INATURALIST2018 -> true;
            case CIFAR10 -> Cifar10.isIn(folder, split) || Cifar10Sheets.isIn(folder, split);
            case CIFAR100 -> Cifar100.isIn(folder, split);
            case STL10 -> Stl10.isIn(folder, split);
            case IDX -> Idx.isIn(folder, split);
            case VOC -> Voc.find(folder).filter(year -> Voc.has(year, split)).isPresent();
            case ILSVRC2012 -> Ilsvrc2012.has(folder, split);
            case TINYIMAGENET -> TinyImageNet.has(folder, split);
            case PETS -> OxfordPets.isIn(folder, split);
            case WEBDATASET -> Shards.has(folder, split);
            case FOLDER -> {
                FolderParts parts = FolderParts.of(folder);
                yield (split == Split.TRAIN ? parts.train() : parts.test()).isPresent();
            }
            case VIEWS -> false;
        };
    }

    /// Opens a part that no list names: every image in it, with or without a target.
    ///
    /// @throws DataException if the folder or the part is missing or broken
    ImageSource open(Path folder, Split split) {
        boolean train = split == Split.TRAIN;
        return switch (this) {
            case SAMPLE -> train ? BundledSample.train() : BundledSample.test();
            case CIFAR10 -> {
                if (Cifar10Sheets.isIn(folder, Split.TRAIN) || Cifar10Sheets.isIn(folder, Split.TEST)) {
                    yield train ? Cifar10Sheets.train(folder) : Cifar10Sheets.test(folder);
                }
                yield train ? Cifar10.train(folder) : Cifar10.test(folder);
            }
            case IDX -> train ? Idx.train(folder, Idx.classNames(folder)) : Idx.test(folder, Idx.classNames(folder));
            case CIFAR100 -> Cifar100.open(folder, split);
            case STL10 -> Stl10.open(folder, split);
            case VOC -> Voc.open(vocYear(folder), split);
            case ILSVRC2012 -> Ilsvrc2012.open(folder, split);
            case TINYIMAGENET -> TinyImageNet.open(folder, split);
            case PETS -> OxfordPets.open(folder, split);
            case WEBDATASET -> Shards.open(folder, split);
            case FOLDER -> folder(folder, split);
            case IMAGENET, PLACES205, INATURALIST2018 -> throw new AssertionError(this + " has lists");
            case VIEWS ->
                throw new DataException("data.kind views: ready-made views are no images; name a folder with images");
        };
    }

    private static ImageFiles folder(Path folder, Split split) {
        FolderParts parts = FolderParts.of(DataFiles.requireFolder(folder));
        ImageFiles part = ImageFolder.of(split == Split.TRAIN ? parts.training(folder) : parts.testing(folder));
        // What belongs to neither is told once: with the training images, where there are some.
        boolean tells = split == Split.TRAIN || parts.train().isEmpty();
        return tells ? part.withLeftOut(LeftOut.joined(parts.leftOut(folder), part.leftOut())) : part;
    }

    private static Path vocYear(Path folder) {
        return Voc.find(DataFiles.requireFolder(folder))
                .orElseThrow(() ->
                        new DataException(folder + ": holds no VOC year (a folder with ImageSets and JPEGImages)"));
    }

    /// What a part of the data set in a folder is called in results, such as `data/cifar10 train`.
    String title(String folder, Split split) {
        return this == VOC ? vocYear(Path.of(folder)) + " " + Voc.set(split) : folder + " " + split;
    }

    /// Whether all images have the size of the first one.
    public boolean isEquallyLarge() {
        return this == SAMPLE || this == CIFAR10 || this == CIFAR100 || this == STL10 || this == IDX;
    }

    /// The word for it on the command line, in configurations and in messages.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The kind of that word.
    public static Optional<Kind> of(String word) {
        for (Kind kind : values()) {
            if (kind.toString().equals(word.toLowerCase(Locale.ROOT))) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
