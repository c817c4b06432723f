package org.jmoco.tensor.ops.random;

import org.jmoco.tensor.random.Philox;

/// An op's stream as a cursor, for the references.
final class Draws {
    private Draws() {}

    static Philox of(double[] state, int stream) {
        long seed = (long) state[0] & 0xFFFFFFFFL | (long) state[1] << 32;
        return new Philox(seed, stream, (int) state[2], (int) state[3]);
    }
}
