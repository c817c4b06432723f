package org.jmoco.moco.algorithm;

import org.jmoco.tensor.random.Philox;

/// The permutations of shuffling batch norm (He et al. 2020, section 3.3): keys go through their encoder in
/// another order than their queries, so that both are not normalised together.
///
/// With `permutation`, slot j holds the view `permutation[j]`.
final class Shuffle {
    /// Highest counter word, so that no other purpose has this stream: "SHUF".
    private static final int PURPOSE = 0x53485546;

    private Shuffle() {}

    /// The permutations of one step, one behind the other. They depend on seed and step alone.
    ///
    /// @param passes how many
    static int[] of(long seed, long step, int batch, int passes) {
        Philox draws = new Philox(seed, (int) step, (int) (step >>> 32), PURPOSE);
        int[] all = new int[passes * batch];
        for (int pass = 0; pass < passes; pass++) {
            System.arraycopy(draws.permutation(batch), 0, all, pass * batch, batch);
        }
        return all;
    }

    /// The permutation that puts back: `inverse[permutation[j]] = j`.
    ///
    /// @throws IllegalArgumentException if `permutation` is none
    static int[] inverse(int... permutation) {
        int[] inverse = new int[permutation.length];
        boolean[] seen = new boolean[permutation.length];
        for (int j = 0; j < permutation.length; j++) {
            int i = permutation[j];
            if (i < 0 || i >= seen.length || seen[i]) {
                throw new IllegalArgumentException(
                        "not a permutation of 0 … " + (seen.length - 1) + ": entry " + j + " is " + i);
            }
            seen[i] = true;
            inverse[i] = j;
        }
        return inverse;
    }
}
