package org.jmoco.nn;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.function.ToDoubleFunction;
import org.jmoco.tensor.Variable;
import org.jmoco.tensor.random.Philox;

/// Draws initial values. Every variable has its own stream of random numbers, found from the seed and the
/// variable's name: what a parameter starts from does not depend on the order in which a network was put
/// together, nor on its other parts.
public final class Init {
    private final long seed;

    Init(long seed) {
        this.seed = seed;
    }

    /// The stream of a name: the first 96 bits of its SHA-256 are the upper counter words.
    public static Philox stream(long seed, String name) {
        ByteBuffer hash = ByteBuffer.wrap(sha256(name));
        return new Philox(seed, hash.getInt(), hash.getInt(), hash.getInt());
    }

    private static byte[] sha256(String name) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /// Uniform in `[−bound, bound]`.
    public void uniform(Variable v, double bound) {
        fill(v, draws -> draws.uniform(-bound, bound));
    }

    /// Normal with mean 0.
    public void normal(Variable v, double standardDeviation) {
        fill(v, draws -> standardDeviation * draws.nextNormal());
    }

    /// All elements alike.
    public void constant(Variable v, float value) {
        fill(v, _ -> value);
    }

    private void fill(Variable v, ToDoubleFunction<Philox> next) {
        Philox draws = stream(seed, v.name());
        MemorySegment values = v.hostForWriting();
        for (long i = 0; i < v.shape().size(); i++) {
            values.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) next.applyAsDouble(draws));
        }
    }
}
