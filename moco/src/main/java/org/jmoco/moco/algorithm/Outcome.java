package org.jmoco.moco.algorithm;

/// What one step tells.
///
/// @param loss     mean InfoNCE loss over the batch, in nats; with the symmetric loss the sum of both. Before
///     anything is learned about `ln(K + 1)`
/// @param accuracy part of the queries that are more similar to their own key than to all keys of the queue, in
///     [0, 1]
public record Outcome(float loss, float accuracy) {
    /// The mean over the ranks.
    static Outcome mean(float[] losses, float[] accuracies) {
        double loss = 0;
        double accuracy = 0;
        for (int rank = 0; rank < losses.length; rank++) {
            loss += losses[rank];
            accuracy += accuracies[rank];
        }
        return new Outcome((float) (loss / losses.length), (float) (accuracy / losses.length));
    }
}
