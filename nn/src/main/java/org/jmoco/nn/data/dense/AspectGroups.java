package org.jmoco.nn.data.dense;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jmoco.nn.data.loader.Sampler;
import org.jmoco.nn.data.source.ImageSource;

/// Which images make up which group of a batch, an endless stream: random permutations of all images one after
/// the other, dealt out to wide images (wider than high) and the rest; whenever a group of one kind is full it
/// comes next. So little of a group is padding (detectron2's `AspectRatioGroupedDataset`).
///
/// A group is a function of source, size, seed and its number. Not for use by two threads at once.
public final class AspectGroups {
    private final boolean[] wide;
    private final int size;
    private final Sampler sampler;
    private final List<IntArrayList> open = List.of(new IntArrayList(), new IntArrayList());
    private int[] order = {};
    private int epoch;
    private int place;

    /// @param wide of each image, whether it is wider than high   @param size images of a group
    public AspectGroups(boolean[] wide, int size, long seed) {
        this.wide = wide.clone();
        this.size = size;
        sampler = new Sampler(wide.length, 1, true, false, seed);
    }

    /// Groups of images with objects, whose annotations tell their sizes.
    ///
    /// @throws org.jmoco.nn.data.DataException if an annotation cannot be read
    public static AspectGroups of(ImageSource source, int size, long seed) {
        boolean[] wide = new boolean[source.size()];
        IntStream.range(0, wide.length).parallel().forEach(i -> {
            var objects = ObjectScene.objects(source, i);
            wide[i] = objects.width() > objects.height();
        });
        return new AspectGroups(wide, size, seed);
    }

    /// The images of the next group.
    public int[] next() {
        while (true) {
            if (place == order.length) {
                order = sampler.order(epoch++);
                place = 0;
            }
            int image = order[place++];
            IntArrayList group = open.get(wide[image] ? 1 : 0);
            group.add(image);
            if (group.size() == size) {
                int[] full = group.toIntArray();
                group.clear();
                return full;
            }
        }
    }

    /// The images of the next groups, such as those of a batch.
    public List<int[]> next(int groups) {
        List<int[]> next = new ArrayList<>();
        for (int g = 0; g < groups; g++) {
            next.add(next());
        }
        return next;
    }

    /// Passes over groups, such as those of steps that are done.
    public void skip(long groups) {
        for (long g = 0; g < groups; g++) {
            next();
        }
    }
}
