package org.jmoco.nn.data.source;

import java.util.List;
import org.jmoco.nn.data.image.RgbImage;

/// The first `size` images of another source.
record FirstImages(ImageSource all, int size) implements ImageSource {
    @Override
    public String name(int index) {
        return all.name(index);
    }

    @Override
    public int label(int index) {
        return all.label(index);
    }

    @Override
    public List<String> classes() {
        return all.classes();
    }

    @Override
    public RgbImage load(int index) {
        return all.load(index);
    }
}
