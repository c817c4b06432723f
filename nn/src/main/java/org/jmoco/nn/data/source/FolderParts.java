package org.jmoco.nn.data.source;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.source.LeftOut.Reason;

/// The training and test parts of a folder of images, told by the names of its sub-folders in any case.
///
/// A folder `train` or `training` makes its siblings no classes: one of them may be the test part, and the others
/// are left out. Without it the folder as a whole is to be trained on.
///
/// @param train  the training images; empty if the folder has test parts alone
/// @param test   the images to evaluate on, if there are some
/// @param beside what lies in the folder and is neither
record FolderParts(Optional<Path> train, Optional<Path> test, List<Path> beside) {
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
                    ? new FolderParts(Optional.empty(), test, List.of())
                    : new FolderParts(Optional.of(root), Optional.empty(), List.of());
        }
        List<Path> beside = new ArrayList<>(folders);
        beside.remove(train.get());
        test.ifPresent(beside::remove);
        return new FolderParts(train, test, List.copyOf(beside));
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

    /// The images that lie beside the parts.
    List<LeftOut> leftOut(Path root) {
        List<LeftOut> all = new ArrayList<>();
        if (train.isEmpty() || train.get().equals(root)) {
            return all;
        }
        for (Path folder : beside) {
            FolderListing there = FolderListing.of(folder);
            if (there.images() > 0) {
                Reason reason = TEST.contains(lower(folder)) ? Reason.OTHER_PART : Reason.OUTSIDE_PARTS;
                all.add(new LeftOut(reason, there.images(), folder.toString()));
            }
        }
        List<Path> loose = FolderListing.loose(root);
        if (!loose.isEmpty()) {
            all.add(new LeftOut(
                    Reason.OUTSIDE_PARTS, loose.size(), loose.getFirst().toString()));
        }
        return all;
    }
}
