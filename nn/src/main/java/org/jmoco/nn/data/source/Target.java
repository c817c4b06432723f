package org.jmoco.nn.data.source;

import java.util.List;
import java.util.Optional;

/// What is known of an image, and what a task learns from it. All images of a source have targets of one [Kind],
/// or, where a few lie outside the classes, [#NONE].
///
/// Class numbers count the names of [ImageSource#classes].
public sealed interface Target {
    /// The kinds of targets.
    enum Kind {
        NONE("no class"),
        CLASS("one class"),
        CLASSES("several classes"),
        OBJECTS("objects"),
        LABEL_MAP("a label map");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /// What an image with such a target has, such as `one class`.
        @Override
        public String toString() {
            return words;
        }
    }

    /// Nothing is known.
    None NONE = new None();

    Kind kind();

    /// Nothing is known of the image.
    record None() implements Target {
        @Override
        public Kind kind() {
            return Kind.NONE;
        }
    }

    /// The image shows one class.
    ///
    /// @param number of the class, from 0
    record OneClass(int number) implements Target {
        @Override
        public Kind kind() {
            return Kind.CLASS;
        }
    }

    /// For each class, whether the image shows it.
    ///
    /// @param values `[classes]`: [#PRESENT], [#ABSENT] or [#IGNORED]; shared, so never change them
    @SuppressWarnings("ArrayRecordComponent") // a carrier of labels, never compared
    record Classes(byte[] values) implements Target {
        public static final byte PRESENT = 1;
        public static final byte ABSENT = 0;
        /// Counts for nothing in evaluation: "difficult" in PASCAL VOC, or not known.
        public static final byte IGNORED = -1;

        @Override
        public Kind kind() {
            return Kind.CLASSES;
        }
    }

    /// The objects in the image.
    ///
    /// @param width,height of the image in pixels, as its annotation has them
    /// @param instances in the order of the annotation
    record Objects(int width, int height, List<Instance> instances) implements Target {
        public Objects {
            instances = List.copyOf(instances);
        }

        @Override
        public Kind kind() {
            return Kind.OBJECTS;
        }
    }

    /// One object.
    ///
    /// @param label     class number, from 0
    /// @param area      in pixels, as its annotation has it: what evaluation goes by, not that of the box
    /// @param difficult whether evaluation passes over it, as PASCAL VOC's
    /// @param crowd     whether it stands for many objects, as COCO's `iscrowd`
    /// @param mask      its pixels, where they are known
    record Instance(int label, Box box, double area, boolean difficult, boolean crowd, Optional<Mask> mask) {}

    /// A box in pixels: a pixel at column i reaches from i to i + 1, so the whole image is `[0, width] × [0,
    /// height]`.
    ///
    /// @param x0,y0 left and upper edge   @param x1,y1 right and lower edge
    record Box(double x0, double y0, double x1, double y1) {}

    /// The pixels of an object.
    sealed interface Mask {
        /// @param rings polygons whose union it is, each `x, y, x, y, …` in pixels
        record Polygons(List<double[]> rings) implements Mask {
            public Polygons {
                rings = List.copyOf(rings);
            }
        }

        /// Runs as COCO has them: column by column, pixels outside first.
        ///
        /// @param height,width of the mask in pixels   @param counts lengths of the runs
        @SuppressWarnings("ArrayRecordComponent") // a carrier of runs, never compared
        record Runs(int height, int width, int[] counts) implements Mask {}
    }

    /// The class of every pixel.
    ///
    /// @param classes `[height, width]`, unsigned bytes, [#IGNORED] where no class counts; shared, so never
    ///     change them
    @SuppressWarnings("ArrayRecordComponent") // a carrier of pixels, never compared
    record LabelMap(int width, int height, byte[] classes) implements Target {
        public static final int IGNORED = 255;

        @Override
        public Kind kind() {
            return Kind.LABEL_MAP;
        }
    }
}
