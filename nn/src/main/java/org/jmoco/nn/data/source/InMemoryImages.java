package org.jmoco.nn.data.source;

import java.util.List;
import org.jmoco.nn.data.image.RgbImage;

/// A small decoded data set: equally large images one after the other in one array.
public final class InMemoryImages implements ImageSource {
    private final String name;
    private final int width;
    private final int height;
    private final int channels;
    private final byte[] pixels;
    private final int[] labels;
    private final List<String> classes;

    /// @param name begins the names of the images: `name[index]`
    /// @param channels 3 for RGB, or 1 for gray, which is replicated when an image is loaded
    /// @param pixels `[n, height, width, channels]`, kept by reference   @param labels `[n]`, kept by reference
    /// @throws IllegalArgumentException if the lengths do not fit
    public InMemoryImages(
            String name, int width, int height, int channels, byte[] pixels, int[] labels, List<String> classes) {
        if (channels != 1 && channels != 3 || pixels.length != (long) labels.length * width * height * channels) {
            throw new IllegalArgumentException(name + ": " + pixels.length + " bytes are not " + labels.length
                    + " images of " + width + "×" + height + "×" + channels);
        }
        this.name = name;
        this.width = width;
        this.height = height;
        this.channels = channels;
        this.pixels = pixels;
        this.labels = labels;
        this.classes = List.copyOf(classes);
    }

    @Override
    public int size() {
        return labels.length;
    }

    @Override
    public String name(int index) {
        return name + "[" + index + "]";
    }

    @Override
    public Target.Kind targets() {
        return Target.Kind.CLASS;
    }

    @Override
    public Target target(int index) {
        return new Target.OneClass(labels[index]);
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
        RgbImage image = new RgbImage(width, height);
        byte[] rgb = image.rgb();
        int samples = width * height * channels;
        int from = index * samples;
        if (channels == 3) {
            System.arraycopy(pixels, from, rgb, 0, samples);
        } else {
            for (int i = 0; i < samples; i++) {
                rgb[3 * i] = rgb[3 * i + 1] = rgb[3 * i + 2] = pixels[from + i];
            }
        }
        return image;
    }
}
