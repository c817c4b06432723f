package org.jmoco.eval.lowshot;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jmoco.eval.LabelMatrix;
import org.jmoco.nn.data.DataException;
import org.jmoco.tensor.io.Npy;
import org.jmoco.tensor.random.Philox;

/// Which images every class is trained on in one low-shot experiment: `k` that show it and `(classes − 1)·k` that
/// do not, drawn for each class by itself.
///
/// @param k images that show the class @param sample which of the draws of this `k`, from 1
/// @param targets `[n, classes]`: 1 and 0 for images that are trained on, −1 for all others
public record Draw(int k, int sample, LabelMatrix targets) {

    private static final int STREAM = 0x73686f74; // "shot", apart from other uses of the same seed

    /// Draws of one's own. Those of different `k` are not nested, positives of one class are no labels of another,
    /// "difficult" images are never drawn.
    ///
    /// Sample `s` of class `c` comes from the Philox stream `(seed, s, c, k)`, so a draw depends on nothing else.
    ///
    /// @param samples draws for each of `ks` @return by `k`, then by sample
    /// @throws DataException if a class has too few images, or `k` is below 1
    public static List<Draw> random(LabelMatrix labels, List<Integer> ks, int samples, long seed) {
        if (labels.classes() < 2) {
            throw new DataException("low-shot: the labels are of one class, " + labels.name(0)
                    + "; a draw takes as many items of each of two classes or more");
        }
        List<Draw> draws = new ArrayList<>();
        for (int k : ks) {
            for (int c = 0; c < labels.classes(); c++) {
                requireEnough(labels, c, k);
            }
            for (int s = 1; s <= samples; s++) {
                draws.add(random(labels, k, s, seed));
            }
        }
        return draws;
    }

    private static void requireEnough(LabelMatrix labels, int c, int k) {
        long others = (labels.classes() - 1L) * k;
        if (k < 1 || labels.count(c, 1) < k || labels.count(c, 0) < others) {
            throw new DataException("low-shot: k = " + k + " needs " + k + " items in " + labels.name(c) + " and "
                    + others + " outside it; there are " + labels.count(c, 1) + " and " + labels.count(c, 0)
                    + (labels.count(c, 0) == 0 && labels.count(c, -1) > 0
                            ? ": -1 means ignored, code what is outside as 0"
                            : ": choose smaller k"));
        }
    }

    private static Draw random(LabelMatrix labels, int k, int sample, long seed) {
        int[][] targets = new int[labels.items()][labels.classes()];
        for (int c = 0; c < labels.classes(); c++) {
            Philox philox = new Philox(seed, sample, c, STREAM + k);
            mark(targets, labels, c, 1, k, philox);
            mark(targets, labels, c, 0, (labels.classes() - 1) * k, philox);
        }
        for (int[] row : targets) {
            for (int c = 0; c < row.length; c++) {
                row[c] = row[c] == 0 ? -1 : row[c] - 1;
            }
        }
        return new Draw(k, sample, LabelMatrix.of(targets));
    }

    /// Marks `count` items whose label is `value` by `value + 1`.
    private static void mark(int[][] targets, LabelMatrix labels, int c, int value, int count, Philox philox) {
        int[] items = IntStream.range(0, labels.items())
                .filter(i -> labels.at(i, c) == value)
                .toArray();
        int[] order = philox.permutation(items.length);
        for (int j = 0; j < count; j++) {
            targets[items[order[j]]][c] = value + 1;
        }
    }

    /// The published draws: files `train_targets_sample{s}_k{k}.npy`, `s` from 1, integers `[n, classes]`.
    ///
    /// @param labels what is known of all items; a draw that contradicts it was made for another order of items
    /// @throws DataException if a file is missing or does not fit
    public static List<Draw> read(Path folder, LabelMatrix labels, List<Integer> ks, int samples) {
        List<Draw> draws = new ArrayList<>();
        for (int k : ks) {
            for (int s = 1; s <= samples; s++) {
                Path file = file(folder, k, s);
                if (!Files.isRegularFile(file)) {
                    throw new DataException(file + ": no such file; the draws of k = " + k
                            + " are train_targets_sample1_k" + k + ".npy to sample" + samples);
                }
                draws.add(checked(
                        file.toString(), new Draw(k, s, LabelMatrix.of(file.toString(), Npy.read(file))), labels));
            }
        }
        return draws;
    }

    /// Where a published draw lies.
    public static Path file(Path folder, int k, int sample) {
        return folder.resolve("train_targets_sample" + sample + "_k" + k + ".npy");
    }

    private static Draw checked(String file, Draw draw, LabelMatrix labels) {
        LabelMatrix targets = draw.targets;
        if (targets.items() != labels.items() || targets.classes() != labels.classes()) {
            throw new DataException(file + ": is of " + targets.items() + " items and " + targets.classes()
                    + " classes, the training set of " + labels.items() + " and " + labels.classes());
        }
        for (int c = 0; c < targets.classes(); c++) {
            if (targets.count(c, 1) != draw.k || targets.count(c, 0) == 0) {
                throw new DataException(file + ": " + labels.name(c) + " has " + targets.count(c, 1) + " positive and "
                        + targets.count(c, 0) + " negative items, expected " + draw.k + " and some");
            }
            for (int i = 0; i < targets.items(); i++) {
                if (targets.at(i, c) != -1 && targets.at(i, c) != labels.at(i, c)) {
                    throw new DataException(file + ": item " + i + ", " + labels.name(c) + " is " + targets.at(i, c)
                            + " here and " + labels.at(i, c) + " in the labels; are the items in the same order?");
                }
            }
        }
        return draw;
    }

    /// The items that a class is trained on, ascending.
    int[] rows(int column) {
        return IntStream.range(0, targets.items())
                .filter(i -> targets.at(i, column) != -1)
                .toArray();
    }
}
