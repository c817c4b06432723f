package org.jmoco.nn.data.tool;

import java.util.List;
import org.jmoco.nn.data.loader.LoaderOptions;
import org.jmoco.nn.data.source.LeftOut;

/// What [DataCheck] found.
///
/// @param images   how many were checked, those of the held-out part not counted
/// @param heldOut  how many of the held-out part were compared with them; 0 without one
/// @param findings in the order of the images
/// @param classes  class names with the number of their images; empty without classes
/// @param labels   class names with the number of their pixels, where images have label maps; else empty
/// @param objects  how many objects of how many images that have some
/// @param sizes    of the readable images
/// @param leftOut  what lies there and is no part of the data set
public record CheckReport(
        int images,
        int heldOut,
        List<Finding> findings,
        List<ClassCount> classes,
        List<PixelCount> labels,
        ObjectCount objects,
        Sizes sizes,
        List<LeftOut> leftOut) {
    /// @param images of a class, readable or not; of label maps and objects those that show it
    public record ClassCount(String name, int images) {}

    /// @param pixels of a class in the label maps that can be used   @param share of all pixels there, in `[0,
    ///     1]`
    public record PixelCount(String name, long pixels, double share) {}

    /// @param objects in all images; 0 where images have no objects as targets   @param crowds of these
    /// @param images that have one
    public record ObjectCount(long objects, long crowds, int images) {
        static final ObjectCount NONE = new ObjectCount(0, 0, 0);
    }

    /// Sides in pixels; all 0 if no image is readable.
    ///
    /// @param shortest  the shortest side of any image   @param longest the longest
    /// @param medianShorter  half of the images have a shorter side of at least this
    public record Sizes(int shortest, int medianShorter, int longest) {}

    public long count(Finding.Kind kind) {
        return findings.stream().filter(f -> f.kind() == kind).count();
    }

    /// Images that cannot be decoded, for whatever reason.
    public long unreadable() {
        return count(Finding.Kind.UNREADABLE) + count(Finding.Kind.TRUNCATED);
    }

    /// Whether a run over these images would go through.
    ///
    /// @param share of the images that may be unreadable, see [LoaderOptions#mayBeUnreadable]
    public boolean usable(double share) {
        return count(Finding.Kind.LABELS) + count(Finding.Kind.ANNOTATION) == 0
                && unreadable() < images
                && unreadable() <= LoaderOptions.mayBeUnreadable(share, images);
    }
}
