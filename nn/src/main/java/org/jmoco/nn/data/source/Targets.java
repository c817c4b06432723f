package org.jmoco.nn.data.source;

import java.util.List;
import java.util.function.IntFunction;

/// Targets of many images, kept small.
sealed interface Targets {
    Target.Kind kind();

    Target of(int index);

    /// One class an image; [ImageSource#NO_LABEL] for an image outside the classes.
    @SuppressWarnings("ArrayRecordComponent") // a carrier of labels, never compared
    record Numbers(int[] labels, Target.Kind kind) implements Targets {
        static Numbers of(int[] labels) {
            for (int label : labels) {
                if (label != ImageSource.NO_LABEL) {
                    return new Numbers(labels, Target.Kind.CLASS);
                }
            }
            return new Numbers(labels, Target.Kind.NONE);
        }

        @Override
        public Target of(int index) {
            return labels[index] == ImageSource.NO_LABEL ? Target.NONE : new Target.OneClass(labels[index]);
        }
    }

    /// Nothing is known of any image.
    record Unknown() implements Targets {
        @Override
        public Target.Kind kind() {
            return Target.Kind.NONE;
        }

        @Override
        public Target of(int index) {
            return Target.NONE;
        }
    }

    /// Targets that are read when they are asked for.
    record Read(Target.Kind kind, IntFunction<Target> reader) implements Targets {
        @Override
        public Target of(int index) {
            return reader.apply(index);
        }
    }

    /// Several classes an image.
    record Rows(List<byte[]> rows) implements Targets {
        @Override
        public Target.Kind kind() {
            return Target.Kind.CLASSES;
        }

        @Override
        public Target of(int index) {
            return new Target.Classes(rows.get(index));
        }
    }
}
