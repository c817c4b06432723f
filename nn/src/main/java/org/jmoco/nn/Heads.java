package org.jmoco.nn;

/// The heads that MoCo puts on an encoder's pooled features, under the names of the official checkpoints when they
/// stand in the field `fc`.
public final class Heads {
    private Heads() {}

    /// MoCo v1: `fc.weight`, `fc.bias`.
    public static Module linear(int features, int dim) {
        return new Linear(features, dim);
    }

    /// MoCo v2: `fc.0`, ReLU, `fc.2`, biases on, no batch norm; the hidden layer is as wide as the features.
    public static Module mlp(int features, int dim) {
        return new Sequential(new Linear(features, features), new Relu(), new Linear(features, dim));
    }
}
