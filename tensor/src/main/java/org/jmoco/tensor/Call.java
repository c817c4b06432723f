package org.jmoco.tensor;

/// One application of an op, as its gradient rule sees it.
public final class Call {
    private final Node node;
    private final boolean[] needed;

    Call(Node node, boolean[] needed) {
        this.node = node;
        this.needed = needed;
    }

    /// Operand `i` of the forward call.
    public Tensor input(int i) {
        return Tensor.of(node.input(i));
    }

    public int inputs() {
        return node.inputs().size();
    }

    /// What the forward call computed.
    public Tensor output() {
        return Tensor.of(node);
    }

    /// Whether anybody wants the gradient of operand `i`. Rules skip the work of those nobody wants.
    public boolean needs(int i) {
        return needed[i];
    }
}
