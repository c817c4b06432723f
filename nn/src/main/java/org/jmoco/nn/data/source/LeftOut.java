package org.jmoco.nn.data.source;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Files, most of them images, that lie where a source was looked for and are no part of it.
///
/// @param count how many images, or what else the reason is one of
/// @param first the first of them by name
/// @param what  their format, where the reason is [Reason#UNREAD_FORMAT]; else empty
public record LeftOut(Reason reason, int count, String first, String what) {
    /// Why they are left out.
    public enum Reason {
        /// Beside class folders, where classes are needed.
        OUTSIDE_CLASSES("lie outside the class folders"),
        /// Published without classes, where classes are needed.
        WITHOUT_CLASS("have no class"),
        /// Beside a folder `train`.
        OUTSIDE_PARTS("lie beside the folders of the training and test images"),
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
        LOOP("lead to a folder above them"),
        /// A link to nothing that is not named as an image: it may be one to a folder of a disk that is not there.
        DANGLING("lead nowhere"),
        /// A class folder without an image.
        EMPTY_CLASS("are class folders without an image");

        private final String words;

        Reason(String words) {
            this.words = words;
        }

        /// Whether what is counted are images, not folders or links.
        public boolean isOfImages() {
            return this != LOOP && this != DANGLING && this != EMPTY_CLASS;
        }
    }

    public LeftOut(Reason reason, int count, String first) {
        this(reason, count, first, "");
    }

    /// Lists as one: each reason, and each format, once.
    static List<LeftOut> joined(List<LeftOut> some, List<LeftOut> others) {
        Map<Reason, Map<String, LeftOut>> all = new EnumMap<>(Reason.class);
        for (List<LeftOut> list : List.of(some, others)) {
            for (LeftOut one : list) {
                all.computeIfAbsent(one.reason, r -> new TreeMap<>()).merge(one.what, one, LeftOut::plus);
            }
        }
        List<LeftOut> joined = new ArrayList<>();
        all.values().forEach(formats -> joined.addAll(formats.values()));
        return joined;
    }

    private LeftOut plus(LeftOut other) {
        return new LeftOut(reason, count + other.count, first.compareTo(other.first) <= 0 ? first : other.first, what);
    }

    /// One line: how many, why, and the first.
    @Override
    public String toString() {
        String things = switch (reason) {
            case LOOP, DANGLING -> "links";
            case EMPTY_CLASS -> "folders";
            default -> what.isEmpty() ? "images" : what + " files";
        };
        return count + " " + things + " " + reason.words + " and are left out" + (count == 1 ? ": " : ", the first: ")
                + first;
    }
}
