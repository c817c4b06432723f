package org.jmoco.nn.data.dense;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.image.ImageDecoder;
import org.jmoco.nn.data.source.DataSpec;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.data.source.Selection;
import org.jmoco.nn.data.source.Split;
import org.jmoco.nn.data.source.Voc;

/// The layouts of data sets with label maps, and how what is described is opened.
public enum LabelData {
    /// A [VocSegmentation] year, or the `VOCdevkit` around it.
    VOC("PASCAL VOC's segmentation"),
    /// [Cityscapes].
    CITYSCAPES("Cityscapes"),
    /// [LabelFolders].
    FOLDERS("images and labels in folders");

    private final String words;

    LabelData(String words) {
        this.words = words;
    }

    /// What lies there, in words.
    @Override
    public String toString() {
        return words;
    }

    /// The layout in a folder, if it has label maps.
    public static Optional<LabelData> find(Path folder) {
        return Arrays.stream(values())
                .filter(layout -> layout.has(folder, Split.TRAIN) || layout.has(folder, Split.TEST))
                .findFirst();
    }

    /// Whether a part is in a folder.
    public boolean has(Path folder, Split split) {
        return switch (this) {
            case VOC ->
                Voc.find(folder)
                        .filter(year -> VocSegmentation.has(year, split))
                        .isPresent();
            case CITYSCAPES -> Cityscapes.has(folder, split);
            case FOLDERS -> LabelFolders.part(folder, split).isPresent();
        };
    }

    /// The images of a part with their label maps, as many as the description's limit.
    ///
    /// Of VOC the list of a part names image sets, such as `train+aug`; without one it is `trainaug` or what there
    /// is of it, and `val`. In folders, `data.classes` stands for a file `classes.txt`.
    ///
    /// @throws DataException if the folder has no label maps, or the part is missing or incomplete: an image or a
    ///     label map is missing
    public static ImageSource open(DataSpec data, Split split) {
        Path root = data.root();
        if (!Files.isDirectory(root)) {
            throw new DataException(root + ": there is no such folder");
        }
        LabelData layout = find(root)
                .orElseThrow(() -> new DataException(root + ": holds no label maps. Looked for "
                        + "VOC (ImageSets/Segmentation/train.txt), Cityscapes (leftImg8bit/train beside gtFine/train)"
                        + " and images beside labels"));
        ImageDecoder decoder = data.maxPixels().map(ImageDecoder::new).orElse(ImageDecoder.STANDARD);
        ImageSource all = switch (layout) {
            case VOC -> {
                Path year = Voc.find(root).orElseThrow();
                DataSpec.Part part = split == Split.TRAIN ? data.train() : data.test();
                Optional<String> said = split == Split.TRAIN ? data.list().or(part::list) : part.list();
                yield VocSegmentation.read(year, said.orElseGet(() -> VocSegmentation.sets(year, split)), decoder);
            }
            case CITYSCAPES -> Cityscapes.read(root, Cityscapes.part(split), decoder);
            case FOLDERS -> LabelFolders.read(root, split, data.classes(), decoder);
        };
        if (data.classes() != 0 && data.classes() != all.classes().size()) {
            throw new DataException(
                    root + ": has " + all.classes().size() + " classes, data.classes says " + data.classes());
        }
        return Selection.spread(all, data.limit());
    }
}
