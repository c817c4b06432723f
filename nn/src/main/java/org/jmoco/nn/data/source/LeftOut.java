package org.jmoco.nn.data.source;

/// Files, most of them images, that lie where a source was looked for and are no part of it.
///
/// @param count how many files, or folders where the reason is one of a folder
/// @param first the first of them by name
/// @param what  their format, where the reason is [Reason#UNREAD_FORMAT]; else empty
public record LeftOut(Reason reason, int count, String first, String what) {
    /// Why they are left out.
    public enum Reason {
        /// Beside class folders, where classes are needed.
        OUTSIDE_CLASSES("lie outside the class folders"),
        /// Beside a folder `train`.
        OUTSIDE_PARTS("lie outside the training and test parts"),
        /// In another part of the data set, such as `test` where there is a `val`.
        OTHER_PART("lie in a further part of the data set"),
        /// Files and folders whose names begin with a dot, and those that systems put there, such as `__MACOSX`.
        HIDDEN("are hidden, or lie in hidden folders"),
        /// In a format that is known and not read.
        UNREAD_FORMAT("are in a format that is not read"),
        /// A pipe, a socket or a device under an image's name.
        NO_FILE("are no files"),
        /// Lists of classes do not have them.
        UNLISTED("are in no list of classes"),
        /// A link to a folder above it.
        LOOP("are links to a folder above them"),
        /// A class folder without an image.
        EMPTY_CLASS("are class folders without an image");

        private final String words;

        Reason(String words) {
            this.words = words;
        }

        /// Whether what is counted are folders, not images.
        public boolean isOfFolders() {
            return this == LOOP || this == EMPTY_CLASS;
        }
    }

    public LeftOut(Reason reason, int count, String first) {
        this(reason, count, first, "");
    }

    /// One line: how many, why, and the first.
    @Override
    public String toString() {
        String things = reason.isOfFolders() ? "folders" : what.isEmpty() ? "images" : what + " files";
        return count + " " + things + " " + reason.words + " and are left out" + (count == 1 ? ": " : ", the first: ")
                + first;
    }
}
