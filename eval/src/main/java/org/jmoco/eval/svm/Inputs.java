package org.jmoco.eval.svm;

import org.ejml.data.DMatrixRMaj;
import org.jmoco.eval.Features;
import org.jmoco.eval.LabelMatrix;

/// Checks that the full and the low-shot benchmark share.
final class Inputs {

    private Inputs() {}

    static void check(DMatrixRMaj train, LabelMatrix trainLabels, DMatrixRMaj test, LabelMatrix testLabels) {
        Features.requireSameItems("SVM: training set", train, trainLabels.items());
        Features.requireSameItems("SVM: test set", test, testLabels.items());
        if (train.numCols != test.numCols) {
            throw new IllegalArgumentException("SVM: training features have " + train.numCols + " columns, test features " + test.numCols);
        }
        if (trainLabels.classes() != testLabels.classes()) {
            throw new IllegalArgumentException(
                    "SVM: training labels are of " + trainLabels.classes() + " classes, test labels of " + testLabels.classes());
        }
        Features.requireFinite("SVM: training features", train);
        Features.requireFinite("SVM: test features", test);
    }

    static void requirePositive(LabelMatrix testLabels, int column) {
        if (testLabels.count(column, 1) == 0) {
            throw new IllegalArgumentException("SVM: no test item is in class " + column + ", so its average precision is not defined");
        }
    }

    /// `[n]`, whether an item is in the class; an ignored one counts as not.
    static boolean[] positive(LabelMatrix labels, int column) {
        boolean[] positive = new boolean[labels.items()];
        for (int i = 0; i < positive.length; i++) {
            positive[i] = labels.at(i, column) == 1;
        }
        return positive;
    }
}
