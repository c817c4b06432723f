package org.jmoco.nn;

import java.util.List;

/// The heads on an encoder's pooled features, under the names of the official checkpoints when they stand in
/// the field `fc`.
public final class Heads {
    private Heads() {}

    /// MoCo v1: `fc.weight`, `fc.bias`.
    public static Layer linear(int features, int dim) {
        return of(features, List.of(dim));
    }

    /// MoCo v2: `fc.0`, ReLU, `fc.2`, biases on, no batch norm; the hidden layer is as wide as the features.
    public static Layer mlp(int features, int dim) {
        return of(features, List.of(features, dim));
    }

    /// SimCLR's: as MoCo v2's with batch norm between the first linear layer, `fc.0`, and the ReLU: `fc.1`, `fc.3`.
    /// It keeps features apart from the first steps on.
    public static Layer mlpBn(int features, int dim) {
        return normalized(features, List.of(features, dim));
    }

    /// Linear, batch norm, ReLU, linear.
    ///
    /// @param sizes of the two linear layers
    public static Layer normalized(int features, List<Integer> sizes) {
        if (sizes.size() != 2) {
            throw new IllegalArgumentException("a head with batch norm has two linear layers, got sizes " + sizes);
        }
        return new Sequential(
                new Linear(features, sizes.getFirst()),
                new BatchNorm2d(sizes.getFirst()),
                new Relu(),
                new Linear(sizes.getFirst(), sizes.getLast()));
    }

    /// The head with linear layers of these sizes: no layer, one, or two with a ReLU between them.
    public static Layer of(int features, List<Integer> sizes) {
        return switch (sizes.size()) {
            case 0 -> new Identity();
            case 1 -> new Linear(features, sizes.getFirst());
            case 2 ->
                new Sequential(
                        new Linear(features, sizes.getFirst()),
                        new Relu(),
                        new Linear(sizes.getFirst(), sizes.getLast()));
            default -> throw new IllegalArgumentException("a head has at most two linear layers, got sizes " + sizes);
        };
    }
}
