package org.jmoco.eval.svm;

import org.ejml.data.DMatrixRMaj;
import org.jmoco.eval.Features;
import org.jmoco.eval.LabelMatrix;
import org.jmoco.nn.data.DataException;

/// Checks that the full and the low-shot benchmark share; each failure is one line that says what does not fit.
public final class Inputs {

    private Inputs() {}

    /// Whether features and labels belong together.
    ///
    /// @throws DataException if numbers of items, columns or classes differ, or a class has no positive or no
    ///     negative test item
    public static void requireFit(
            DMatrixRMaj train, LabelMatrix trainLabels, DMatrixRMaj test, LabelMatrix testLabels) {
        Features.requireSameItems("SVM: training set", train, trainLabels.items());
        Features.requireSameItems("SVM: test set", test, testLabels.items());
        if (train.numCols != test.numCols) {
            throw new DataException(
                    "SVM: training features have " + train.numCols + " columns, test features " + test.numCols);
        }
        if (trainLabels.classes() != testLabels.classes()) {
            throw new DataException("SVM: training labels are of " + trainLabels.classes() + " classes, test labels of "
                    + testLabels.classes());
        }
        for (int c = 0; c < testLabels.classes(); c++) {
            if (testLabels.count(c, 1) == 0) {
                throw new DataException(
                        "SVM: no test item is in " + testLabels.name(c) + ", so its average precision is not defined");
            }
            if (testLabels.count(c, 0) == 0) {
                throw new DataException("SVM: no test item is outside " + testLabels.name(c)
                        + ", so its average precision is 100 % whatever the features are"
                        + (testLabels.count(c, -1) > 0
                                ? "; -1 means ignored, as \"difficult\" in VOC: code what is outside as 0"
                                : ""));
            }
        }
    }

    /// Whether features can be computed with.
    ///
    /// @throws DataException if a feature is NaN or infinite
    public static void requireFinite(DMatrixRMaj train, DMatrixRMaj test) {
        Features.requireFinite("SVM: training features", train);
        Features.requireFinite("SVM: test features", test);
    }

    /// `[n]`, whether an item is in the class; an ignored one counts as not.
    public static boolean[] positive(LabelMatrix labels, int column) {
        boolean[] positive = new boolean[labels.items()];
        for (int i = 0; i < positive.length; i++) {
            positive[i] = labels.at(i, column) == 1;
        }
        return positive;
    }
}
