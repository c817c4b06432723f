package org.jmoco.tensor.backend.tornado;

import java.util.Arrays;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.Shape;

/// The operands of one call as offsets: into their arena for floats, into `ints` for integers and bytes. The arena is
/// the first, `mem`, where [TornadoKernel#anywhere] does not allow another.
public final class Args {
    private final Node node;
    private final Spot[] in;
    private final Spot out;
    private final int scratch;
    private final int scratchInts;

    /// Where an operand begins.
    ///
    /// @param arena its number among those of floats; 0 for integers
    record Spot(int arena, int offset) {}

    Args(Node node, Spot[] in, Spot out, int scratch, int scratchInts) {
        this.node = node;
        this.in = in.clone();
        this.out = out;
        this.scratch = scratch;
        this.scratchInts = scratchInts;
    }

    /// All in the first arena.
    Args(Node node, int[] in, int out, int scratch, int scratchInts) {
        this(
                node,
                Arrays.stream(in).mapToObj(offset -> new Spot(0, offset)).toArray(Spot[]::new),
                new Spot(0, out),
                scratch,
                scratchInts);
    }

    public int in(int i) {
        return in[i].offset;
    }

    public int out() {
        return out.offset;
    }

    /// The arenas of up to three operands and of the result, for a [FarKernel].
    ///
    /// @param operands their numbers; one that a call does without has none
    public Arenas arenas(int... operands) {
        return new Arenas(arena(operands, 0), arena(operands, 1), arena(operands, 2), out.arena);
    }

    private int arena(int[] operands, int i) {
        return i < operands.length && operands[i] < in.length ? in[operands[i]].arena : 0;
    }

    /// Where the scratch memory begins in `mem`; its contents are undefined.
    public int scratch() {
        return scratch;
    }

    /// Where that of integers begins in `ints`.
    public int scratchInts() {
        return scratchInts;
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
        return in.length > 0 && in[0].equals(out) && node.input(0).dtype() == node.dtype();
    }
}
