package org.jmoco.tensor.backend.jvm;

import java.lang.foreign.MemorySegment;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.Shape;

/// The operands of one kernel call, bound to memory. Each segment begins at the operand's first element and ends
/// behind its last.
public final class Args {
    private final Node node;
    private final MemorySegment[] in;
    private final MemorySegment out;
    private final MemorySegment scratch;
    private final boolean inPlace;

    Args(Node node, MemorySegment[] in, MemorySegment out, MemorySegment scratch, boolean inPlace) {
        this.node = node;
        this.in = in;
        this.out = out;
        this.scratch = scratch;
        this.inPlace = inPlace;
    }

    public MemorySegment in(int i) {
        return in[i];
    }

    public MemorySegment out() {
        return out;
    }

    /// Scratch memory, as large as the kernel asked for; its contents are undefined.
    public MemorySegment scratch() {
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

    /// Whether the result overwrites operand 0.
    public boolean inPlace() {
        return inPlace;
    }
}
