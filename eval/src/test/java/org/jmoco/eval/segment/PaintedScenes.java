package org.jmoco.eval.segment;

import java.util.List;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.data.source.Target;
import org.jmoco.tensor.random.Philox;

/// Noisy images of a background with a red and a green box, whose label maps are exact; the first row has no
/// class.
record PaintedScenes(int size, long seed) implements ImageSource {
    static final List<String> NAMES = List.of("background", "red", "green");
    private static final int WIDTH = 40;
    private static final int HEIGHT = 33;

    @Override
    public String name(int index) {
        return "painted " + index;
    }

    @Override
    public Target.Kind targets() {
        return Target.Kind.LABEL_MAP;
    }

    @Override
    public Target target(int index) {
        byte[] labels = new byte[WIDTH * HEIGHT];
        for (int at = 0; at < labels.length; at++) {
            labels[at] = (byte) (at < WIDTH ? Target.LabelMap.IGNORED : classAt(index, at % WIDTH, at / WIDTH));
        }
        return new Target.LabelMap(WIDTH, HEIGHT, labels);
    }

    private int classAt(int index, int x, int y) {
        Philox draws = new Philox(seed, index, 0, 1);
        for (int c = 1; c <= 2; c++) {
            int left = draws.below(WIDTH - 16);
            int top = draws.below(HEIGHT - 14);
            if (x >= left && x < left + 16 && y >= top && y < top + 14) {
                return c;
            }
        }
        return 0;
    }

    @Override
    public List<String> classes() {
        return NAMES;
    }

    @Override
    public RgbImage load(int index) {
        Philox noise = new Philox(seed, index, 0, 2);
        byte[] rgb = new byte[WIDTH * HEIGHT * 3];
        for (int at = 0; at < WIDTH * HEIGHT; at++) {
            int c = classAt(index, at % WIDTH, at / WIDTH);
            for (int channel = 0; channel < 3; channel++) {
                rgb[3 * at + channel] = (byte) (noise.below(120) + (c == channel + 1 ? 130 : 0));
            }
        }
        return new RgbImage(WIDTH, HEIGHT, rgb);
    }
}
