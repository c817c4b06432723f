package org.jmoco.nn.data.source;

import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;
import org.jmoco.nn.data.image.ImageDecoder;
import org.jmoco.nn.data.image.RgbImage;

/// A data set of image files, each decoded when it is loaded. [ImageFolder], [ImageList], [INaturalist] and [Voc]
/// make these.
public final class ImageFiles implements ImageSource {
    private final FileList files;
    private final Targets targets;
    private final List<String> classes;
    private final List<String> ids;
    private final List<LeftOut> leftOut;
    private final ImageDecoder decoder;

    private ImageFiles(
            FileList files,
            Targets targets,
            List<String> classes,
            List<String> ids,
            List<LeftOut> leftOut,
            ImageDecoder decoder) {
        this.files = files;
        this.targets = targets;
        this.classes = classes;
        this.ids = ids;
        this.leftOut = leftOut;
        this.decoder = decoder;
    }

    ImageFiles(List<Path> files, Targets targets, List<String> classes) {
        this(FileList.of(files), targets, List.copyOf(classes), List.of(), List.of(), ImageDecoder.STANDARD);
    }

    /// Image files with targets that are read when they are asked for.
    ///
    /// @param kind of all targets   @param targets that of an image, safe for use by many threads
    public static ImageFiles reading(
            List<Path> files, Target.Kind kind, IntFunction<Target> targets, List<String> classes) {
        return new ImageFiles(files, new Targets.Read(kind, targets), classes);
    }

    /// The same files under names of their own in results.
    public ImageFiles withIds(List<String> names) {
        return new ImageFiles(files, targets, classes, List.copyOf(names), leftOut, decoder);
    }

    /// The same files, beside which others were left out.
    public ImageFiles withLeftOut(List<LeftOut> others) {
        return new ImageFiles(files, targets, classes, ids, List.copyOf(others), decoder);
    }

    /// The same files, decoded by another decoder: one with another limit on pixels.
    public ImageFiles with(ImageDecoder other) {
        return new ImageFiles(files, targets, classes, ids, leftOut, other);
    }

    public ImageDecoder decoder() {
        return decoder;
    }

    public Path file(int index) {
        return files.get(index);
    }

    @Override
    public int size() {
        return files.size();
    }

    @Override
    public String name(int index) {
        return files.text(index);
    }

    @Override
    public String id(int index) {
        return ids.isEmpty() ? name(index) : ids.get(index);
    }

    @Override
    public Target.Kind targets() {
        return targets.kind();
    }

    @Override
    public Target target(int index) {
        return targets.of(index);
    }

    @Override
    public int label(int index) {
        return targets instanceof Targets.Numbers(int[] labels, var _) ? labels[index] : NO_LABEL;
    }

    @Override
    public List<String> classes() {
        return classes;
    }

    @Override
    public RgbImage load(int index) {
        return decoder.decode(files.get(index));
    }

    @Override
    public List<LeftOut> leftOut() {
        return leftOut;
    }
}
