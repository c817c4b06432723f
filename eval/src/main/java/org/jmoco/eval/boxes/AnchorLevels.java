package org.jmoco.eval.boxes;

import java.util.List;
import java.util.stream.IntStream;

/// The anchors of all maps that a region proposal network sees, of an image padded to some size. A map of stride s
/// has `⌈height/s⌉ · ⌈width/s⌉` positions. Anchors are numbered level by level, within one as [Anchors#over] has
/// them.
///
/// @param levels one a map, the finest first
/// @param fitted whether anchors lie as many pixels apart as the padded side has for each position, the whole part
///     of it, as torchvision has them; otherwise as the stride says. The two differ where a stride does not divide
///     the side
public record AnchorLevels(List<Anchors> levels, boolean fitted) {
    public AnchorLevels {
        levels = List.copyOf(levels);
        if (levels.isEmpty()) {
            throw new IllegalArgumentException("anchors: there must be at least one level");
        }
    }

    /// Anchors that lie as their strides say.
    public AnchorLevels(List<Anchors> levels) {
        this(levels, false);
    }

    /// Positions of a level's map along a side of `pixels`.
    public int extent(int level, int pixels) {
        return Math.ceilDiv(pixels, levels.get(level).stride());
    }

    /// Anchors of one level.
    public int count(int level, int height, int width) {
        return Math.multiplyExact(
                extent(level, height) * extent(level, width), levels.get(level).each());
    }

    /// The anchors of one level of an image padded to `height · width` pixels.
    public Boxes over(int level, int height, int width) {
        int rows = extent(level, height);
        int columns = extent(level, width);
        return fitted
                ? levels.get(level).over(rows, columns, height / rows, width / columns)
                : levels.get(level).over(rows, columns);
    }

    /// The numbers of the anchors, among those of all levels of an image padded to `paddedHeight · paddedWidth`
    /// pixels, that an image of `height · width` has as well.
    public int[] within(int height, int width, int paddedHeight, int paddedWidth) {
        IntStream.Builder numbers = IntStream.builder();
        int before = 0;
        for (int level = 0; level < levels.size(); level++) {
            int each = levels.get(level).each();
            int columns = extent(level, paddedWidth);
            for (int y = 0; y < extent(level, height); y++) {
                int row = before + y * columns * each;
                IntStream.range(row, row + extent(level, width) * each).forEach(numbers::add);
            }
            before += count(level, paddedHeight, paddedWidth);
        }
        return numbers.build().toArray();
    }

    /// The anchors of all levels.
    public Boxes over(int height, int width) {
        Boxes all = Boxes.NONE;
        for (int level = 0; level < levels.size(); level++) {
            all = all.concat(over(level, height, width));
        }
        return all;
    }
}
