package org.jmoco.eval.svm;

import org.jmoco.nn.data.DataException;

/// Which fold tests an item: stratified, not shuffled, as scikit-learn's `StratifiedKFold(n_splits)` allots them.
///
/// Classes are numbered by first appearance; position `p` of the labels sorted by class belongs to fold `p mod k`,
/// which says how many items of a class each fold tests; the items of a class fill the folds in their order.
public final class StratifiedFolds {

    private StratifiedFolds() {}

    /// The folds of one class.
    ///
    /// @param positive `[n]`, whether an item is in the class @param folds `k`, at least 2
    /// @return `[n]`, the fold, `0 … k − 1`, that the item is tested in
    /// @throws DataException if `folds` is below 2, or one of the two sides has fewer items than folds
    public static int[] of(boolean[] positive, int folds) {
        int in = 0;
        for (boolean p : positive) {
            in += p ? 1 : 0;
        }
        int out = positive.length - in;
        if (folds < 2 || Math.min(in, out) < folds) {
            throw new DataException(folds
                    + "-fold cross-validation needs 2 folds or more and that many items in the class and outside it; "
                    + in + " are in it, " + out + " are not");
        }
        int[] fold = new int[positive.length];
        boolean first = positive[0];
        int firstCount = first ? in : out;
        allot(fold, positive, first, 0, firstCount, folds);
        allot(fold, positive, !first, firstCount, positive.length, folds);
        return fold;
    }

    /// Items of the side `side` take the positions `from … to − 1` of the labels sorted by class.
    private static void allot(int[] fold, boolean[] positive, boolean side, int from, int to, int folds) {
        int[] left = new int[folds];
        for (int p = from; p < to; p++) {
            left[p % folds]++;
        }
        int now = 0;
        for (int i = 0; i < positive.length; i++) {
            if (positive[i] == side) {
                while (left[now] == 0) {
                    now++;
                }
                left[now]--;
                fold[i] = now;
            }
        }
    }

    /// The items that are not tested in `fold`.
    static boolean[] training(int[] folds, int fold) {
        boolean[] training = new boolean[folds.length];
        for (int i = 0; i < folds.length; i++) {
            training[i] = folds[i] != fold;
        }
        return training;
    }
}
