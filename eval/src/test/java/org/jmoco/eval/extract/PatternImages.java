package org.jmoco.eval.extract;

import java.util.List;
import java.util.Set;
import org.jmoco.nn.data.UnreadableImageException;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.data.source.Target;

/// Square images of bytes `v = (7x + 13y + 31c + 101i + xy mod 97) mod 256`, as in `fixture.py`; image i has the
/// class i mod 3. Some may be unreadable.
public record PatternImages(int size, int side, Set<Integer> broken) implements ImageSource {
    public PatternImages(int size, int side) {
        this(size, side, Set.of());
    }

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
        return new Target.OneClass(index % 3);
    }

    @Override
    public List<String> classes() {
        return List.of("a", "b", "c");
    }

    @Override
    public RgbImage load(int index) {
        if (broken.contains(index)) {
            throw new UnreadableImageException(name(index), "is broken");
        }
        RgbImage image = new RgbImage(side, side);
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                for (int c = 0; c < 3; c++) {
                    image.rgb()[3 * (y * side + x) + c] = (byte) (7 * x + 13 * y + 31 * c + 101 * index + x * y % 97);
                }
            }
        }
        return image;
    }
}
