package org.jmoco.nn.data.source;

import java.nio.file.Path;
import java.util.List;
import org.jmoco.nn.data.image.ImageDecoder;
import org.jmoco.nn.data.image.RgbImage;

/// A data set of image files, each decoded when it is loaded. [ImageFolder], [ImageList] and [Voc] make these.
public final class ImageFiles implements ImageSource {
    private final List<Path> files;
    private final int[] labels;
    private final List<String> classes;
    private final ImageDecoder decoder;

    ImageFiles(List<Path> files, int[] labels, List<String> classes, ImageDecoder decoder) {
        this.files = List.copyOf(files);
        this.labels = labels;
        this.classes = List.copyOf(classes);
        this.decoder = decoder;
    }

    /// The same files, decoded by another decoder: one with another limit on pixels.
    public ImageFiles with(ImageDecoder other) {
        return new ImageFiles(files, labels, classes, other);
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
        return files.get(index).toString();
    }

    @Override
    public int label(int index) {
        return labels[index];
    }

    @Override
    public List<String> classes() {
        return classes;
    }

    @Override
    public RgbImage load(int index) {
        return decoder.decode(files.get(index));
    }
}
