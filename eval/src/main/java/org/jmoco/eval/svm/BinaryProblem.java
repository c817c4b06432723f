package org.jmoco.eval.svm;

/// One two-class problem on the rows of a [Gram] matrix.
///
/// @param y `[n]`, +1 or −1
/// @param weight `[n]`, what the cost `C` is multiplied with for a row: the weight of its class, or 0 for a row
///     that is no training row
@SuppressWarnings("ArrayRecordComponent") // a carrier of arrays, never compared
public record BinaryProblem(double[] y, double[] weight) {

    /// Weight of positive rows in every SVM protocol of the model zoo, `class_weight = {1: 2, −1: 1}`.
    public static final double POSITIVE_WEIGHT = 2;

    /// A problem with the usual class weights, 2 for positive and 1 for negative rows.
    ///
    /// @param positive `[n]`, whether the row is in the class @param training `[n]`, whether the row is trained on
    public static BinaryProblem of(boolean[] positive, boolean[] training) {
        double[] y = new double[positive.length];
        double[] weight = new double[positive.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = positive[i] ? 1 : -1;
            weight[i] = !training[i] ? 0 : positive[i] ? POSITIVE_WEIGHT : 1;
        }
        return new BinaryProblem(y, weight);
    }
}
