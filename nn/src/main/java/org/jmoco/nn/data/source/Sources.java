package org.jmoco.nn.data.source;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jmoco.nn.data.DataException;

/// Opens data sets by the kind that a user names, or by what lies in a folder.
///
/// | kind | what lies there | train | test |
/// |---|---|---|---|
/// | `sample` | nothing is needed: [BundledSample] | 4,000 images | 1,000 images |
/// | `cifar10` | [Cifar10] binary files, or the PNG sheets of [Cifar10Sheets] | `data_batch_*` | `test_batch*` |
/// | `idx` | [Idx] pairs, plain or gzipped | `train-*` | `t10k-*` |
/// | `voc` | a [Voc] year, or the `VOCdevkit` around it | `Main/trainval.txt` | `Main/test.txt` |
/// | `folder` | an [ImageFolder] | the folder, or its `train` | its `val` or `test` |
public final class Sources {
    /// The kinds of data sets.
    public enum Kind {
        SAMPLE,
        CIFAR10,
        IDX,
        VOC,
        FOLDER;

        /// The word for it on the command line and in messages.
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final List<Integer> VOC_YEARS = List.of(2007, 2012);
    private static final String TRAIN_FOLDER = "train";
    private static final List<String> TEST_FOLDERS = List.of("val", "test");

    private Sources() {}

    /// The kind of what lies in a folder, told by the names in it.
    ///
    /// @throws DataException if the folder is missing, empty or holds nothing known: says what was looked for
    public static Kind recognise(Path folder) {
        DataFiles.requireFolder(folder);
        for (Split split : Split.values()) {
            if (Cifar10.isIn(folder, split) || Cifar10Sheets.isIn(folder, split)) {
                return Kind.CIFAR10;
            }
            if (Idx.isIn(folder, split)) {
                return Kind.IDX;
            }
        }
        if (vocFolder(folder).isPresent()) {
            return Kind.VOC;
        }
        if (ImageFolder.hasImages(folder)) {
            return Kind.FOLDER;
        }
        if (Files.isDirectory(folder.resolve("cifar-10-batches-py")) || Files.exists(folder.resolve("data_batch_1"))) {
            throw new DataException(folder
                    + ": holds CIFAR-10's Python version; the binary version is read: ./jmoco data "
                    + "cifar10 --out DIR fetches it");
        }
        throw new DataException(folder
                + ": holds no data set. Looked for CIFAR-10 (data_batch_1.bin or data_batch_1.png, also in "
                + "cifar-10-batches-bin), IDX"
                + " (train-images-idx3-ubyte, also with .gz), VOC (ImageSets beside JPEGImages) and JPEG, "
                + "PNG or BMP images, with or without class"
                + " folders");
    }

    /// The training images of the data set in a folder, whatever its kind.
    ///
    /// @throws DataException as [#recognise], and if the data set is broken
    public static ImageSource open(Path folder) {
        return open(folder, Split.TRAIN);
    }

    /// One part of the data set in a folder, whatever its kind.
    ///
    /// @throws DataException as [#recognise], and if the data set is broken or has no such part
    public static ImageSource open(Path folder, Split split) {
        return open(recognise(folder), Optional.of(folder), Optional.empty(), split);
    }

    /// The images in a folder that are to be evaluated on: its test part if it has one, else all of it.
    ///
    /// @throws DataException as [#recognise], and if the data set is broken
    public static ImageSource heldOut(Path folder) {
        Kind kind = recognise(folder);
        return ifPresent(kind, folder, Split.TEST).orElseGet(() -> open(kind, folder, Split.TRAIN));
    }

    /// One part of the data set in a folder, if its files are there.
    ///
    /// @throws DataException if they are broken
    public static Optional<ImageSource> ifPresent(Kind kind, Path folder, Split split) {
        boolean there = switch (kind) {
            case SAMPLE -> true;
            case CIFAR10 -> Cifar10.isIn(folder, split) || Cifar10Sheets.isIn(folder, split);
            case IDX -> Idx.isIn(folder, split);
            case VOC ->
                vocFolder(folder)
                        .filter(year -> Files.exists(year.resolve("ImageSets").resolve(vocList(split) + ".txt")))
                        .isPresent();
            case FOLDER -> split == Split.TRAIN || testFolder(folder).isPresent();
        };
        return there ? Optional.of(open(kind, folder, split)) : Optional.empty();
    }

    /// One part of a data set of a known kind.
    ///
    /// @param path the folder; for `sample` not needed
    /// @param list a text file that names the images below `path`, see [ImageList#of]; it is then the part itself,
    ///     whatever `split` is. For `folder` only
    /// @throws DataException if the folder or the part is missing or broken
    public static ImageSource open(Kind kind, Optional<Path> path, Optional<Path> list, Split split) {
        if (list.isPresent() && kind != Kind.FOLDER) {
            throw new DataException(
                    list.get() + ": a list goes with images in folders, not with data of the kind " + kind);
        }
        if (kind == Kind.SAMPLE) {
            return split == Split.TRAIN ? BundledSample.train() : BundledSample.test();
        }
        Path folder = path.orElseThrow(() -> new DataException("data of the kind " + kind + " needs a folder"));
        return list.isPresent() ? ImageList.of(list.get(), DataFiles.requireFolder(folder)) : open(kind, folder, split);
    }

    private static ImageSource open(Kind kind, Path folder, Split split) {
        boolean train = split == Split.TRAIN;
        return switch (kind) {
            case SAMPLE -> throw new AssertionError("has no folder");
            case CIFAR10 -> {
                if (Cifar10Sheets.isIn(folder, Split.TRAIN) || Cifar10Sheets.isIn(folder, Split.TEST)) {
                    yield train ? Cifar10Sheets.train(folder) : Cifar10Sheets.test(folder);
                }
                yield train ? Cifar10.train(folder) : Cifar10.test(folder);
            }
            case IDX -> train ? Idx.train(folder, Idx.classNames(folder)) : Idx.test(folder, Idx.classNames(folder));
            case VOC -> {
                Path year = vocFolder(DataFiles.requireFolder(folder))
                        .orElseThrow(() -> new DataException(
                                folder + ": holds no VOC year (a folder with ImageSets and JPEGImages)"));
                yield Voc.listed(year, vocList(split));
            }
            case FOLDER -> folderPart(folder, split);
        };
    }

    private static ImageSource folderPart(Path folder, Split split) {
        Optional<Path> test = testFolder(DataFiles.requireFolder(folder));
        if (split == Split.TRAIN) {
            return ImageFolder.of(test.isPresent() ? folder.resolve(TRAIN_FOLDER) : folder);
        }
        return ImageFolder.of(test.orElseThrow(() -> new DataException(
                folder + ": has no test images: looked for the folders train, and val or test, in it")));
    }

    /// The folder of test images, if there is one beside a folder of training images.
    private static Optional<Path> testFolder(Path folder) {
        return Files.isDirectory(folder.resolve(TRAIN_FOLDER))
                ? TEST_FOLDERS.stream()
                        .map(folder::resolve)
                        .filter(Files::isDirectory)
                        .findFirst()
                : Optional.empty();
    }

    private static String vocList(Split split) {
        return split == Split.TRAIN ? "Main/trainval" : "Main/test";
    }

    private static Optional<Path> vocFolder(Path given) {
        return VOC_YEARS.stream()
                .flatMap(year -> Voc.find(given, year).stream())
                .findFirst();
    }

    /// The first images of a source.
    ///
    /// @param count how many; 0, or more than there are, for all of them
    public static ImageSource first(ImageSource source, int count) {
        return count == 0 || count >= source.size() ? source : new FirstImages(source, count);
    }
}
