package org.jmoco.tensor.ops.update;

import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;

/// One step of stochastic gradient descent with momentum, as PyTorch defines it (dampening 0).
///
/// | name         | shape  | meaning                                                               |
/// |--------------|--------|-----------------------------------------------------------------------|
/// | state        | `[2s]` | the parameters p, then their momentum buffers v, laid out alike       |
/// | gradients    | `[n]`  | the gradients of p, added up over `parts`                             |
/// | learningRate | `[]`   | step length, at least 0                                               |
/// | result       | `[2s]` | the new parameters and buffers                                        |
///
/// The parameters `from` to `from + n − 1` take the step, the others stay as they are; as a rule that is all of them.
/// `g = gradient / parts`, `g' = g + weightDecay·p`, `v ← momentum·v + g'`, `p ← p − learningRate·v`; with `nesterov`
/// `p ← p − learningRate·(g' + momentum·v)`. Buffers begin at 0, which makes the first step `v = g'`.
///
/// @param momentum    0 for plain gradient descent
/// @param weightDecay the factor of the L2 penalty's gradient
/// @param nesterov    whether to look ahead along the momentum; needs a momentum above 0
/// @param parts       of a batch whose gradients were added up, at least 1
/// @param from        the first parameter that takes the step, [#ALL] for each of them
public record SgdUpdate(float momentum, float weightDecay, boolean nesterov, int parts, int from)
        implements Op.InPlace, Op.NoGradient {
    /// Every parameter takes the step.
    public static final int ALL = -1;

    /// A step of all parameters along one gradient.
    public SgdUpdate(float momentum, float weightDecay, boolean nesterov) {
        this(momentum, weightDecay, nesterov, 1, ALL);
    }

    public SgdUpdate {
        if (!(momentum >= 0) || !(weightDecay >= 0)) {
            throw new IllegalArgumentException(
                    "sgdUpdate: momentum and weight decay must be at least 0, got " + momentum + " and " + weightDecay);
        }
        if (nesterov && momentum == 0) {
            throw new IllegalArgumentException("sgdUpdate: Nesterov's step needs a momentum above 0");
        }
        if (parts < 1) {
            throw new IllegalArgumentException("sgdUpdate: the parts must be at least 1, got " + parts);
        }
    }

    @Override
    public Shape shapeOf(Shape... in) {
        Shape state = in[0].requireRank(1, "sgdUpdate", "flat state [2s]: parameters, then momentum buffers");
        Shape gradients = in[1].requireRank(1, "sgdUpdate", "flat gradients [n]");
        if (from != ALL && (from < 0 || state.size() % 2 != 0 || from + gradients.size() > state.size() / 2)) {
            throw new ShapeException("sgdUpdate: " + gradients.size() + " gradients from parameter " + from
                    + " on do not fit; state is " + state);
        }
        if (from == ALL && state.size() != 2 * gradients.size()) {
            throw new ShapeException(
                    "sgdUpdate: the state must hold a parameter and a momentum for each gradient; state is " + state
                            + ", gradients are " + gradients);
        }
        in[2].requireRank(0, "sgdUpdate", "a learning rate of shape []");
        return state;
    }

    /// Where the gradients' parameters begin in the state.
    int first() {
        return from == ALL ? 0 : from;
    }

    @Override
    public double flops(Shape out, Shape... in) {
        return (nesterov ? 8.0 : 6.0) * in[1].size();
    }
}
