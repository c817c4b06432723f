package org.jmoco.eval.semi;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.data.source.Selection;
import org.jmoco.tensor.random.Philox;

/// A share of a data set's images, the same share of every class: what is labelled in semi-supervised learning
/// where no list says it.
///
/// Which images they are depends on the seed, the class and how many images it has.
public final class BalancedSubset {
    /// Highest counter word, so that no two purposes share a stream: "SUBS".
    private static final int SUBSET = 0x53554253;

    private BalancedSubset() {}

    /// Draws a subset; its images stand in the order of the data set.
    ///
    /// @param fraction in `(0, 1]`: of each class, rounded, at least one image
    /// @param classes  labels are in `0 … classes − 1`
    public static ImageSource of(ImageSource all, double fraction, int classes, long seed) {
        int[] labels = IntStream.range(0, all.size()).map(all::label).toArray();
        return new Selection(all, choose(labels, fraction, classes, seed), all.leftOut());
    }

    /// The images of such a subset, increasing.
    ///
    /// @param labels of all images
    public static int[] choose(int[] labels, double fraction, int classes, long seed) {
        return IntStream.range(0, classes)
                .boxed()
                .flatMapToInt(c -> {
                    int[] members = IntStream.range(0, labels.length)
                            .filter(i -> labels[i] == c)
                            .toArray();
                    int count = members.length == 0 ? 0 : Math.max(1, (int) Math.round(fraction * members.length));
                    int[] order = new Philox(seed, c, 0, SUBSET).permutation(members.length);
                    return Arrays.stream(order).limit(count).map(i -> members[i]);
                })
                .sorted()
                .toArray();
    }
}
