package org.jmoco.tensor.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.plan.Draft.Value;

/// How much memory each step of a program wants for what lies between inputs and outputs, judged by who reads what.
/// A plan, which has to find places, takes a few percent more.
final class Lifetimes {
    private final List<Value> order;
    private final Set<Node> kept;
    private final Map<Value, Integer> positions = new HashMap<>();
    private final Map<Value, List<Integer>> reads = new HashMap<>(); // of roots, in order
    private final Map<Node, List<Value>> versions = new HashMap<>();
    private final Map<Value, List<Value>> views = new HashMap<>();
    private final Map<Value, Value> packs = new HashMap<>(); // a root, and the value whose part it is
    private final Map<Value, Integer> begins = new HashMap<>(); // of what has memory
    private final Map<Value, Integer> ends = new HashMap<>();
    private final long[] bytes;

    /// @param scratchSize what a node's kernel wants for its own use
    Lifetimes(Draft draft, Scratch scratchSize) {
        order = draft.order();
        kept = draft.kept();
        for (int p = 0; p < order.size(); p++) {
            readers(p);
        }
        order.forEach(this::pack);
        order.stream().filter(this::takesMemory).forEach(this::live);
        long[] changes = new long[order.size() + 2];
        begins.forEach((v, begin) -> {
            changes[begin] += v.node.bytes();
            changes[ends.get(v) + 1] -= v.node.bytes();
        });
        bytes = new long[order.size()];
        long sum = 0;
        for (int p = 0; p < bytes.length; p++) {
            sum += changes[p];
            Value v = order.get(p);
            bytes[p] = sum
                    + (v.isView() || v.isLeaf()
                            ? 0
                            : Float.BYTES * (scratchSize.floats(v.node) + scratchSize.ints(v.node)));
        }
    }

    private void readers(int p) {
        Value v = order.get(p);
        positions.put(v, p);
        versions.computeIfAbsent(v.node, k -> new ArrayList<>(1)).add(v);
        if (v.isView()) {
            views.computeIfAbsent(v.inputs.getFirst(), k -> new ArrayList<>(1)).add(v);
            return;
        }
        for (Value in : v.inputs) {
            List<Integer> of = reads.computeIfAbsent(in.root, k -> new ArrayList<>());
            if (of.isEmpty() || of.getLast() != p) {
                of.add(p);
            }
        }
    }

    /// Operands that are computed right where a packing op wants them.
    private void pack(Value v) {
        if (!(v.node.op() instanceof Op.Packed)) {
            return;
        }
        for (Value in : v.inputs) {
            Value r = in.root;
            if (takesMemory(r) && !(r.node.op() instanceof Op.Packed) && whole(in)) {
                packs.putIfAbsent(r, v);
            }
        }
    }

    private static boolean whole(Value in) {
        return in.node.shape().size() == in.root.node.shape().size();
    }

    private boolean takesMemory(Value v) {
        return !v.isView() && !v.isLeaf() && !kept.contains(v.node);
    }

    private void live(Value v) {
        Value holder = packs.getOrDefault(v, v);
        if (takesMemory(holder)) {
            begins.merge(holder, positions.get(v), Math::min);
            ends.merge(holder, end(v), Math::max);
        }
    }

    /// The last step at which a root is in its memory; one before its last reader if that writes its result there.
    private int end(Value v) {
        int last = lastRead(v);
        if (last <= positions.get(v)) {
            return positions.get(v);
        }
        Value reader = order.get(last);
        boolean over = reader.node.op() instanceof Op.InPlace
                && !isPacked(v)
                && reader.inputs.getFirst().root == v
                && takesMemory(reader)
                && sameShape(reader.inputs.getFirst().node.shape(), reader.node.shape(), v.node.shape());
        return over ? last - 1 : last;
    }

    private static boolean sameShape(Shape operand, Shape result, Shape root) {
        return operand.equals(result) && operand.size() == root.size();
    }

    /// Whether a root shares its memory with others as part of a whole.
    boolean isPacked(Value v) {
        return packs.containsKey(v) || v.node.op() instanceof Op.Packed;
    }

    int position(Value v) {
        return positions.get(v);
    }

    /// The computations of a node's value, in order.
    List<Value> versions(Node node) {
        return versions.getOrDefault(node, List.of());
    }

    /// The views right on a value.
    List<Value> views(Value value) {
        return views.getOrDefault(value, List.of());
    }

    /// The steps that read a root, itself or a view of it.
    List<Integer> reads(Value root) {
        return reads.getOrDefault(root, List.of());
    }

    private int lastRead(Value root) {
        List<Integer> of = reads(root);
        return of.isEmpty() ? -1 : of.getLast();
    }

    /// Whether a root is in memory right before a step without living longer for it.
    boolean isAlive(Value root, int position) {
        return positions.get(root) < position && (kept.contains(root.node) || lastRead(root) >= position);
    }

    /// Whether a root's memory could be given back between two reads.
    boolean takesMemoryOfItsOwn(Value v) {
        return takesMemory(v) && !isPacked(v);
    }

    /// The first step that wants the most.
    int peak() {
        int peak = 0;
        for (int p = 1; p < bytes.length; p++) {
            if (bytes[p] > bytes[peak]) {
                peak = p;
            }
        }
        return peak;
    }

    /// What the greediest step wants, in bytes.
    long peakBytes() {
        return bytes.length == 0 ? 0 : bytes[peak()];
    }

    /// Steps that want as much as that one.
    int stepsAtPeak() {
        long most = peakBytes();
        int count = 0;
        for (long b : bytes) {
            count += b == most ? 1 : 0;
        }
        return count;
    }
}
