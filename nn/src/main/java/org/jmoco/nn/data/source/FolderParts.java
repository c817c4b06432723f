package org.jmoco.nn.data.source;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.source.LeftOut.Reason;

/// The training and test parts of a folder of images, told by the names of its sub-folders in any case.
///
/// A folder `train` or `training` makes its siblings no classes: one of them may be the test part, and the others
/// are left out. Without it the folder as a whole is to be trained on.
///
/// @param train  the training images; empty if the folder has test parts alone
/// @param test   the images to evaluate on, if there are some
record FolderParts(Optional<Path> train, Optional<Path> test) {
    private static final List<String> TRAIN = List.of("train", "training");

    /// In the order in which they are taken where there are several.
    private static final List<String> TEST =
            List.of("val", "valid", "validation", "dev", "test", "testing", "eval", "evaluation");

    /// Finds the parts.
    ///
    /// @throws DataException if the folder is missing or cannot be listed
    static FolderParts of(Path root) {
        List<Path> folders = FolderListing.folders(root);
        Optional<Path> train = find(folders, TRAIN);
        Optional<Path> test = find(folders, TEST);
        if (train.isEmpty()) {
            boolean testsAlone = !folders.isEmpty() && folders.stream().allMatch(f -> TEST.contains(lower(f)));
            return testsAlone
                    ? new FolderParts(Optional.empty(), test)
                    : new FolderParts(Optional.of(root), Optional.empty());
        }
        return new FolderParts(train, test);
    }

    /// The folder of that name, or else of one of the following names; as it is spelt here before other spellings.
    private static Optional<Path> find(List<Path> folders, List<String> names) {
        for (String name : names) {
            for (boolean exactly : new boolean[] {true, false}) {
                for (Path folder : folders) {
                    if (exactly
                            ? folder.getFileName().toString().equals(name)
                            : lower(folder).equals(name)) {
                        return Optional.of(folder);
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static String lower(Path folder) {
        return folder.getFileName().toString().toLowerCase(Locale.ROOT);
    }

    /// The folder of the training images.
    ///
    /// @throws DataException if there is none
    Path training(Path root) {
        return train.orElseThrow(() -> new DataException(root + ": has test images (" + test.orElseThrow()
                + ") and no training images: looked for a folder " + String.join(" or ", TRAIN)
                + "; if its folders are classes, say so by data.train.folder=."));
    }

    /// The folder of the test images.
    ///
    /// @throws DataException if there is none
    Path testing(Path root) {
        return test.orElseThrow(() -> new DataException(root
                + ": has no test images: looked for the folders train, and val or test, in it (or "
                + String.join(", ", TEST.subList(1, 4)) + ")"));
    }

    /// Whether a folder's name is that of a part.
    static boolean isNamedAsPart(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return TRAIN.contains(lower) || TEST.contains(lower);
    }

    /// What lies in the folder and in neither part.
    ///
    /// @throws DataException if a folder cannot be listed
    List<LeftOut> leftOut(Path root) {
        if (train.equals(Optional.of(root))) {
            return List.of();
        }
        FolderListing beside = FolderListing.without(
                root, Stream.concat(train.stream(), test.stream()).toList());
        List<LeftOut> all = new ArrayList<>(beside.leftOut());
        List<Path> outside = new ArrayList<>(beside.loose());
        List<Path> further = new ArrayList<>();
        beside.folders().forEach(f -> (isNamedAsPart(f.name()) ? further : outside).addAll(f.images()));
        add(Reason.OTHER_PART, further, all);
        add(Reason.OUTSIDE_PARTS, outside, all);
        return all;
    }

    private static void add(Reason reason, List<Path> images, List<LeftOut> all) {
        if (!images.isEmpty()) {
            all.add(new LeftOut(
                    reason,
                    images.size(),
                    images.stream().min(FolderListing.BY_NAME).orElseThrow().toString()));
        }
    }
}
