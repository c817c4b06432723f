package org.jmoco.nn.data.dense;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.image.ImageDecoder;
import org.jmoco.nn.data.source.DataSpec;
import org.jmoco.nn.data.source.ImageFiles;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.data.source.JoinedImages;
import org.jmoco.nn.data.source.Selection;
import org.jmoco.nn.data.source.Split;
import org.jmoco.nn.data.source.Voc;

/// The layouts of data sets with boxes of objects, and how what is described is opened.
///
/// | layout | training images | test images |
/// |---|---|---|
/// | VOC: `VOCdevkit` or a year's folder | `trainval` of all years | `test` of the first year that has it |
/// | COCO: `annotations/instances_train2017.json` | `train2017` | `val2017` |
/// | any file in COCO's form | `data.train.list`, a `.json`, with `data.train.folder` | `data.test` likewise |
public enum ObjectData {
    /// [VocDetection] years, which have boxes but no masks.
    VOC("PASCAL VOC's objects"),
    /// [CocoInstances].
    COCO("COCO's objects");

    private static final List<String> YEARS = List.of("2017", "2014", "");

    private final String words;

    ObjectData(String words) {
        this.words = words;
    }

    /// What lies there, in words.
    @Override
    public String toString() {
        return words;
    }

    /// Images with objects.
    ///
    /// @param images with targets of objects   @param layout where they are from
    /// @param json   the file of annotations, of COCO's form
    /// @param elevenPoints whether average precision is that of eleven points: of VOC's folders those that are not
    ///     called after the year 2012
    public record Part(ImageSource images, ObjectData layout, Optional<Path> json, boolean elevenPoints) {}

    /// Files of COCO's form.
    private record Annotated(Path json, Path folder) {}

    /// The layout of a folder, if it has boxes of objects. Where there are both, VOC, unless masks are wanted.
    ///
    /// @param masks whether masks are wanted
    public static Optional<ObjectData> find(Path folder, boolean masks) {
        boolean coco = has(folder, COCO);
        return coco && (masks || !has(folder, VOC))
                ? Optional.of(COCO)
                : Optional.of(VOC).filter(voc -> has(folder, voc));
    }

    private static boolean has(Path folder, ObjectData layout) {
        return Stream.of(Split.TRAIN, Split.TEST).anyMatch(split -> layout.has(folder, split));
    }

    /// Whether a part is in a folder.
    public boolean has(Path folder, Split split) {
        return this == VOC
                ? !years(folder, split).isEmpty()
                : coco(folder, split).isPresent();
    }

    /// VOC's years that have annotations of a part.
    private static List<Path> years(Path folder, Split split) {
        return Voc.years(folder).stream()
                .filter(year -> Files.isDirectory(year.resolve("Annotations")))
                .filter(year -> Files.exists(year.resolve("ImageSets/Main").resolve(set(split) + ".txt")))
                .toList();
    }

    private static String set(Split split) {
        return split == Split.TRAIN ? "trainval" : "test";
    }

    private static Optional<Annotated> coco(Path folder, Split split) {
        String part = split == Split.TRAIN ? "train" : "val";
        return Stream.of(folder, folder.resolve("coco"))
                .flatMap(root -> YEARS.stream()
                        .map(year -> new Annotated(
                                root.resolve("annotations/instances_" + part + year + ".json"),
                                root.resolve(part + year))))
                .filter(found -> Files.exists(found.json))
                .findFirst();
    }

    /// The images of a part with their objects, as many as the description's limit. A list that is named and no
    /// `.json` names image sets of VOC, such as `train+val`.
    ///
    /// @param masks whether masks are wanted
    /// @throws DataException if the folder has no objects, or the part is missing or incomplete: a list, an image
    ///     or an annotation
    public static Part open(DataSpec data, Split split, boolean masks) {
        Path root = data.root();
        DataSpec.Part said = split == Split.TRAIN ? data.train() : data.test();
        Optional<String> list = split == Split.TRAIN ? data.list().or(said::list) : said.list();
        ImageDecoder decoder = data.maxPixels().map(ImageDecoder::new).orElse(ImageDecoder.STANDARD);
        Part part = list.filter(name -> name.endsWith(".json"))
                .map(name -> coco(new Annotated(data.listed(name), folder(root, said)), decoder))
                .orElseGet(() -> ofLayout(root, split, list, masks, decoder));
        if (data.classes() != 0 && data.classes() != part.images.classes().size()) {
            throw new DataException(
                    root + ": has " + part.images.classes().size() + " classes, data.classes says " + data.classes());
        }
        return new Part(Selection.spread(part.images, data.limit()), part.layout, part.json, part.elevenPoints);
    }

    private static Part ofLayout(Path root, Split split, Optional<String> list, boolean masks, ImageDecoder decoder) {
        ObjectData layout = find(root, masks)
                .orElseThrow(() -> new DataException(root + ": holds no boxes of objects. Looked for VOC (Annotations"
                        + " beside ImageSets/Main/trainval.txt) and COCO (annotations/instances_train2017.json); a"
                        + " file of COCO's form with another name is named by data.train.list, its images by"
                        + " data.train.folder"));
        if (layout == COCO) {
            Annotated found = coco(root, split)
                    .orElseThrow(() -> new DataException(root + ": has no " + split + " part: annotations/instances_"
                            + (split == Split.TRAIN ? "train" : "val") + "2017.json"));
            return coco(found, decoder);
        }
        if (masks) {
            throw new DataException(
                    root + ": has boxes of objects but no masks, as " + layout + "; masks are learnt from COCO's form");
        }
        List<Path> years = list.isPresent() ? Voc.years(root) : years(root, split);
        if (years.isEmpty()) {
            throw new DataException(root + ": has no " + split + " part: ImageSets/Main/" + set(split) + ".txt");
        }
        List<Path> used = split == Split.TRAIN ? years : years.subList(0, 1);
        List<ImageFiles> parts = used.stream()
                .map(year -> VocDetection.read(year, list.orElse(set(split)), decoder))
                .toList();
        return new Part(
                JoinedImages.of(parts),
                VOC,
                Optional.empty(),
                !name(used.getFirst()).contains("2012"));
    }

    private static Part coco(Annotated files, ImageDecoder decoder) {
        return new Part(CocoInstances.read(files.json, files.folder, decoder), COCO, Optional.of(files.json), false);
    }

    private static String name(Path folder) {
        return String.valueOf(folder.toAbsolutePath().normalize().getFileName());
    }

    private static Path folder(Path root, DataSpec.Part said) {
        return said.folder()
                .map(name -> root.resolve(DataSpec.located(name).toString()))
                .orElse(root);
    }
}
