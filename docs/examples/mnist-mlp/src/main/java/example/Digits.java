package example;

import org.jmoco.tensor.random.Philox;

/// Pictures of digits, made up: a 5×7 dot-matrix glyph, shifted, scaled and slanted at random, smoothed, with
/// noise on it. Harder than they sound, and no file is needed.
final class Digits {
    private static final String[] GLYPHS = {
        ".###.#...##..###.#.###..##...#.###.", "..#...##....#....#....#....#...###.", ".###.#...#....#...#...#...#...#####", "#####...#...#.....#.....##...#.###.",
        "...#...##..#.#.#..#.#####...#....#.", "######....####.....#....##...#.###.", "..##..#...#....####.#...##...#.###.", "#####....#...#...#...#....#....#...",
        ".###.#...##...#.###.#...##...#.###.", ".###.#...##...#.####....#...#..##.."
    };

    private final Philox draws;

    Digits(long seed) {
        draws = new Philox(seed, 1, 0, 0);
    }

    /// Fills `labels` with random digits and `images` with a picture of each, 28×28 bytes.
    void draw(byte[] images, int... labels) {
        for (int i = 0; i < labels.length; i++) {
            labels[i] = draws.below(10);
            draw(labels[i], images, i * 28 * 28);
        }
    }

    private void draw(int digit, byte[] images, int at) {
        double scale = draws.uniform(2.3, 3.3);
        double slant = draws.uniform(-0.3, 0.3);
        double centreX = 14 + draws.uniform(-3, 3);
        double centreY = 14 + draws.uniform(-3, 3);
        for (int y = 0; y < 28; y++) {
            for (int x = 0; x < 28; x++) {
                double v = (y - centreY) / scale + 3;
                double u = (x - centreX) / scale + slant * (v - 3) + 2;
                double noise = draws.uniform(-0.25, 0.25);
                images[at + y * 28 + x] = (byte) Math.round(255 * Math.clamp(ink(GLYPHS[digit], u, v) + noise, 0, 1));
            }
        }
    }

    /// The glyph at column u and row v, interpolated.
    private static double ink(String glyph, double u, double v) {
        int left = (int) Math.floor(u);
        int top = (int) Math.floor(v);
        double right = u - left;
        double bottom = v - top;
        return (1 - bottom) * ((1 - right) * dot(glyph, left, top) + right * dot(glyph, left + 1, top))
                + bottom * ((1 - right) * dot(glyph, left, top + 1) + right * dot(glyph, left + 1, top + 1));
    }

    private static int dot(String glyph, int column, int row) {
        return column >= 0 && column < 5 && row >= 0 && row < 7 && glyph.charAt(row * 5 + column) == '#' ? 1 : 0;
    }
}
