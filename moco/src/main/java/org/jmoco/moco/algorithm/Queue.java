package org.jmoco.moco.algorithm;

import org.jmoco.nn.Init;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.Variable;
import org.jmoco.tensor.random.Philox;

/// The dictionary of MoCo (He et al. 2020, section 3.2): the last K keys, the oldest of which are replaced by
/// those of the present step.
///
/// Here `[K, dim]`, a key a row; the official code and files have `[dim, K]`. It begins with random keys of unit
/// length.
final class Queue {
    private final Variable keys;
    private final Variable pointer = Variable.zeros("queue_ptr", Shape.of(1), DType.I32);

    Queue(int length, int dim) {
        keys = Variable.zeros("queue", Shape.of(length, dim));
    }

    /// Random keys of unit length.
    void initialize(long seed) {
        int dim = keys.shape().dim(1);
        Philox draws = Init.stream(seed, "queue");
        float[] values = new float[Math.multiplyExact(keys.shape().dim(0), dim)];
        double[] key = new double[dim];
        for (int at = 0; at < values.length; at += dim) {
            double square = 0;
            for (int i = 0; i < dim; i++) {
                key[i] = draws.nextNormal();
                square += key[i] * key[i];
            }
            for (int i = 0; i < dim; i++) {
                values[at + i] = (float) (key[i] / StrictMath.sqrt(square));
            }
        }
        keys.set(values);
    }

    /// All keys, `[K, dim]`.
    Variable keys() {
        return keys;
    }

    /// The row that the next key replaces, `[1]`.
    Variable pointer() {
        return pointer;
    }

    /// Replaces the oldest keys by new ones and moves the pointer on, inside a traced program. K is a multiple of `n`.
    ///
    /// @param latest `[n, dim]`
    void push(Tensor latest) {
        Tensor at = pointer.read();
        keys.assign(keys.read().writeSlice(latest, at));
        pointer.assign(at.addModulo(latest.shape().dim(0), keys.shape().dim(0)));
    }
}
