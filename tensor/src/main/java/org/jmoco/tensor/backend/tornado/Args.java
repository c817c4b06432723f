package org.jmoco.tensor.backend.tornado;

import org.jmoco.tensor.DType;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.Shape;

/// The operands of one call as offsets: into `mem` for floats, into `ints` for integers and bytes.
public final class Args {
    private final Node node;
    private final int[] in;
    private final int out;
    private final int scratch;

    Args(Node node, int[] in, int out, int scratch) {
        this.node = node;
        this.in = in;
        this.out = out;
        this.scratch = scratch;
    }

    public int in(int i) {
        return in[i];
    }

    public int out() {
        return out;
    }

    /// Where the scratch memory begins in `mem`; its contents are undefined.
    public int scratch() {
        return scratch;
    }

    public int operands() {
        return in.length;
    }

    public Shape shape(int i) {
        return node.input(i).shape();
    }

    public Shape outShape() {
        return node.shape();
    }

    public Node node() {
        return node;
    }

    /// Elements of the result.
    public int size() {
        return Math.toIntExact(node.shape().size());
    }

    /// Whether the result lies in `mem`.
    public boolean floats() {
        return node.dtype() == DType.F32;
    }

    /// Whether the result overwrites operand 0.
    public boolean inPlace() {
        return in.length > 0 && in[0] == out && node.input(0).dtype() == node.dtype();
    }
}
