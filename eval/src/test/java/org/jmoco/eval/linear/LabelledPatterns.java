package org.jmoco.eval.linear;

import java.util.List;
import org.jmoco.eval.extract.PatternImages;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.data.source.Target;

/// Pattern images of 32×32 pixels with the classes that `make_linear.py` and `make_semi.py` give them.
public record LabelledPatterns(int size) implements ImageSource {
    public static final int CLASSES = 5;

    @Override
    public String name(int index) {
        return "pattern" + index;
    }

    @Override
    public Target.Kind targets() {
        return Target.Kind.CLASS;
    }

    @Override
    public Target target(int index) {
        return new Target.OneClass((7 * index + index / 5) % CLASSES);
    }

    @Override
    public List<String> classes() {
        return List.of();
    }

    @Override
    public RgbImage load(int index) {
        return new PatternImages(size, 32).load(index);
    }
}
