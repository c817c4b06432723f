package org.jmoco.nn.data.source;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jmoco.nn.data.image.RgbImage;

/// Some images of another source.
///
/// @param indices of the images in that source, increasing
/// @param leftOut what lies beside them
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Selection(ImageSource all, int[] indices, List<LeftOut> leftOut) implements ImageSource {
    public Selection {
        leftOut = List.copyOf(leftOut);
    }

    /// The first images of a source.
    ///
    /// @param count how many; all of them if there are no more
    public static ImageSource first(ImageSource source, int count) {
        return count >= source.size()
                ? source
                : new Selection(source, IntStream.range(0, count).toArray(), source.leftOut());
    }

    /// Images spread evenly over a source: of each class its share, but at least one as long as there are enough
    /// for all classes, and those evenly over the images of the class. They stay in the order of the source.
    ///
    /// @param count how many; 0, or more than there are, for all of them
    public static ImageSource spread(ImageSource source, int count) {
        if (count == 0 || count >= source.size()) {
            return source;
        }
        Map<Integer, IntArrayList> groups = new TreeMap<>();
        for (int i = 0; i < source.size(); i++) {
            groups.computeIfAbsent(source.label(i), label -> new IntArrayList()).add(i);
        }
        List<IntArrayList> members = List.copyOf(groups.values());
        int[] shares = shares(members.stream().mapToInt(IntArrayList::size).toArray(), count);
        int[] chosen = IntStream.range(0, members.size())
                .flatMap(g -> evenly(members.get(g), shares[g]))
                .sorted()
                .toArray();
        return new Selection(source, chosen, source.leftOut());
    }

    /// Parts of `count` in proportion to `sizes`, by the largest remainder; at least 1 each if that is possible.
    private static int[] shares(int[] sizes, int count) {
        long all = Arrays.stream(sizes).asLongStream().sum();
        int least = count < sizes.length ? 0 : 1;
        int[] shares = Arrays.stream(sizes)
                .map(size -> Math.max(least, (int) ((long) size * count / all)))
                .toArray();
        for (int left = count - Arrays.stream(shares).sum(); left != 0; left -= Integer.signum(left)) {
            int step = Integer.signum(left);
            int next = -1;
            double farthest = Double.NEGATIVE_INFINITY;
            for (int g = 0; g < sizes.length; g++) {
                double missing = step * ((double) sizes[g] * count / all - shares[g]);
                boolean possible = step > 0 ? shares[g] < sizes[g] : shares[g] > least;
                if (possible && missing > farthest) {
                    farthest = missing;
                    next = g;
                }
            }
            shares[next] += step;
        }
        return shares;
    }

    private static IntStream evenly(IntArrayList members, int count) {
        return IntStream.range(0, count).map(i -> members.getInt((int) ((2L * i + 1) * members.size() / (2L * count))));
    }

    @Override
    public int size() {
        return indices.length;
    }

    @Override
    public String name(int index) {
        return all.name(indices[index]);
    }

    @Override
    public String id(int index) {
        return all.id(indices[index]);
    }

    @Override
    public Target.Kind targets() {
        return all.targets();
    }

    @Override
    public Target target(int index) {
        return all.target(indices[index]);
    }

    @Override
    public int label(int index) {
        return all.label(indices[index]);
    }

    @Override
    public List<String> classes() {
        return all.classes();
    }

    @Override
    public RgbImage load(int index) {
        return all.load(indices[index]);
    }
}
