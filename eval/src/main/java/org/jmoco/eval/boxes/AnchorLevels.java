package org.jmoco.eval.boxes;

import java.util.List;

/// The anchors of all maps that a region proposal network sees, of an image padded to some size. A map of stride s
/// has `⌈height/s⌉ · ⌈width/s⌉` positions. Anchors are numbered level by level, within one as [Anchors#over] has
/// them.
///
/// @param levels one a map, the finest first
public record AnchorLevels(List<Anchors> levels) {
    public AnchorLevels {
        levels = List.copyOf(levels);
        if (levels.isEmpty()) {
            throw new IllegalArgumentException("anchors: there must be at least one level");
        }
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
        return levels.get(level).over(extent(level, height), extent(level, width));
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
