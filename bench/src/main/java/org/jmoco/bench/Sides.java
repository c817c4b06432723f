package org.jmoco.bench;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.ops.elementwise.Relu;
import org.jmoco.tensor.ops.norm.BatchNorm;

/// On which side of 0 the values in front of the ReLUs lay in one forward pass: masks `[n, c, h, w]` of ones and
/// zeros, in the order of the pass.
///
/// A value within rounding of 0 may come out on the other side of it than in float64. The result hardly differs,
/// the gradients below do, by a thousand roundings: they are those of the neighbouring linear piece. Against
/// float64 on the *same* sides nothing but rounding is left.
final class Sides {
    private final List<float[]> masks = new ArrayList<>();

    /// Looks at an op of ours that was computed.
    void watch(Node node, MemorySegment result) {
        if (node.op() instanceof Relu || (node.op() instanceof BatchNorm b && b.relu())) {
            float[] y = ResNetParity.toNchw(
                    result.toArray(ValueLayout.JAVA_FLOAT),
                    node.shape().dim(0),
                    node.shape().dim(3));
            for (int i = 0; i < y.length; i++) {
                y[i] = y[i] > 0 ? 1 : 0;
            }
            masks.add(y);
        }
    }

    /// LibTorch's ReLU, looked at.
    Tensor relu(Tensor x) {
        Tensor y = x.relu_();
        masks.add(Torch.floats(y.sign()));
        return y;
    }

    /// In place of LibTorch's ReLUs: lets through what these sides let through, whatever its sign.
    UnaryOperator<Tensor> imposed() {
        Iterator<float[]> next = masks.iterator();
        return x -> x.mul_(Tensor.create(next.next(), x.sizes().vec().get())
                .to(x.scalar_type())); // throws where a pass has more ReLUs
    }

    /// How many values lay on the other side.
    long flips(Sides other) {
        if (masks.isEmpty() || masks.size() != other.masks.size()) {
            throw new IllegalStateException("saw " + masks.size() + " and " + other.masks.size() + " ReLUs");
        }
        long flips = 0;
        for (int i = 0; i < masks.size(); i++) {
            float[] mask = masks.get(i);
            float[] others = other.masks.get(i);
            if (mask.length != others.length) {
                throw new IllegalStateException(
                        "ReLU " + i + " has " + mask.length + " and " + others.length + " values");
            }
            for (int j = 0; j < mask.length; j++) {
                flips += mask[j] == others[j] ? 0 : 1;
            }
        }
        return flips;
    }
}
