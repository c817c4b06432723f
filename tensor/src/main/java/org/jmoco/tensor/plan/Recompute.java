package org.jmoco.tensor.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.jmoco.tensor.Graph;
import org.jmoco.tensor.Leaf;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.plan.Draft.Value;

/// Trades work for memory (Chen et al. 2016, "Training Deep Nets with Sublinear Memory Cost", value by value): what
/// a backward pass reads of the forward pass is given up in between and computed again from what is still there,
/// such as batch norm and ReLU from the convolution before them. Every op's result depends on its operands alone,
/// so the bits stay.
///
/// One value at a time goes, of those alive at the step that wants the most memory, the one with the most bytes for
/// the work, as long as that lowers the peak.
public final class Recompute {
    /// Operations a byte of memory traffic counts for, about what a core does of them meanwhile.
    private static final double WORK_PER_BYTE = 8;

    /// Work a byte of result up to which an operand is computed again for another value's sake; a dearer one is kept.
    private static final double CHEAP = 256;

    /// Of the program's work, what [MemoryMode#LEAST] may do again.
    private static final double LEAST_SHARE = 0.1;

    /// Of the program's work, what [MemoryMode#AUTO] does again though it need not: it is hardly felt, and takes a
    /// tenth or so of the activations away.
    private static final double UNFELT_SHARE = 0.002;

    /// Bytes of activations from which on it does. Whoever has less has memory enough, and waits for no search.
    private static final long LARGE = 256L << 20;

    private static final Comparator<Drop> BY_WORTH =
            Comparator.comparingDouble((Drop d) -> d.work / d.gain).thenComparingInt(d -> d.value);

    private final Scratch scratchSize;
    private double workLeft;
    private Draft draft;
    private Lifetimes now;

    private Recompute(Graph graph, Scratch scratchSize, double share) {
        this.scratchSize = scratchSize;
        this.draft = Draft.of(graph);
        this.now = new Lifetimes(draft, scratchSize);
        this.workLeft = share * work(draft.order());
    }

    /// Plans a program as a mode wants it, for memory in one piece.
    ///
    /// @param inPlace     as below
    /// @param scratchSize as below
    /// @param lacking     as below
    public static Plan plan(
            Graph graph, boolean inPlace, Scratch scratchSize, MemoryMode mode, ToLongFunction<Plan> lacking) {
        return plan(graph, inPlace, scratchSize, Areas.ONE, mode, lacking);
    }

    /// Plans a program as a mode wants it.
    ///
    /// @param inPlace     as in [Planner#plan]
    /// @param scratchSize as in [Planner#plan]
    /// @param areas       as in [Planner#plan]
    /// @param lacking     bytes that a plan needs beyond what there is; 0 or less if it fits
    public static Plan plan(
            Graph graph,
            boolean inPlace,
            Scratch scratchSize,
            Areas areas,
            MemoryMode mode,
            ToLongFunction<Plan> lacking) {
        Plan plan = Planner.plan(graph, inPlace, scratchSize, areas);
        return switch (mode) {
            case LEAST -> within(0, LEAST_SHARE, plan, inPlace, scratchSize, areas);
            case AUTO -> {
                Plan lighter = plan.activationBytes() < LARGE
                        ? plan
                        : within(0, UNFELT_SHARE, plan, inPlace, scratchSize, areas);
                yield lacking.applyAsLong(lighter) <= 0
                        ? lighter
                        : within(
                                plan.activationBytes() - lacking.applyAsLong(plan),
                                Double.POSITIVE_INFINITY,
                                plan,
                                inPlace,
                                scratchSize,
                                areas);
            }
        };
    }

    /// A plan whose activations stay within so many bytes or come as near as they can.
    ///
    /// @param share of the program's work that may be done again
    /// @param plan  without anything done again
    private static Plan within(long bytes, double share, Plan plan, boolean inPlace, Scratch scratchSize, Areas areas) {
        Recompute recompute = new Recompute(plan.graph(), scratchSize, share);
        double all = work(recompute.draft.order());
        Plan best = plan;
        Plan last = plan;
        while (last.activationBytes() > bytes
                && recompute.lower(recompute.now.peakBytes() - (last.activationBytes() - bytes))) {
            last = Planner.plan(recompute.draft.graph(), inPlace, scratchSize, areas);
            if (last.activationBytes() < best.activationBytes()) {
                best = last.withRepeated(work(recompute.draft.order()) / all - 1);
            }
        }
        return best;
    }

    /// Lowers the estimate to so many bytes or as far as it goes.
    ///
    /// @return whether anything has changed
    private boolean lower(long bytes) {
        boolean changed = false;
        while (now.peakBytes() > bytes && step()) {
            changed = true;
        }
        return changed;
    }

    /// A value that is given up for some steps.
    ///
    /// @param value   its position   @param again what is computed, right before step `at`
    /// @param instead what `again` stands for from there on
    /// @param work    that comes on top
    /// @param gain    bytes that become free at the peak: its own without those of operands that stay longer for it
    private record Drop(int value, int at, List<Value> again, Map<Value, Value> instead, double work, long gain) {}

    private boolean step() {
        int peak = now.peak();
        List<Drop> drops = new ArrayList<>();
        for (Value v : draft.order().subList(0, peak)) {
            if (now.takesMemoryOfItsOwn(v) && v.node.bytes() > 0 && !(v.node.op() instanceof Op.Once)) {
                int next = nextRead(v, peak);
                if (next > peak && now.reads(v).stream().noneMatch(p -> p == peak)) {
                    drops.add(new Again(next, peak).of(v));
                }
            }
        }
        drops.removeIf(d -> d.work > workLeft || d.gain <= 0);
        drops.sort(BY_WORTH);
        for (Drop d : drops) {
            Draft tried = draft.with(d.at, d.again, d.instead);
            Lifetimes then = new Lifetimes(tried, scratchSize);
            boolean lower = then.peakBytes() < now.peakBytes()
                    || then.peakBytes() == now.peakBytes() && then.stepsAtPeak() < now.stepsAtPeak();
            if (lower) {
                workLeft -= d.work;
                draft = tried;
                now = then;
                return true;
            }
        }
        return false;
    }

    /// The first step behind `position` that reads a root; -1 if there is none.
    private int nextRead(Value root, int position) {
        return now.reads(root).stream().filter(p -> p > position).findFirst().orElse(-1);
    }

    /// Makes a value, and what it needs, once more right before a step.
    private final class Again {
        private final int at;
        private final int peak;
        private final Set<Value> longer = new HashSet<>(); // operands that stay over the peak for its sake
        private final List<Value> made = new ArrayList<>();
        private final Map<Node, Value> madeOf = new HashMap<>();
        private final Map<Value, Value> instead = new HashMap<>();
        private double work;

        Again(int at, int peak) {
            this.at = at;
            this.peak = peak;
        }

        Drop of(Value v) {
            compute(v);
            if (now.reads(v).getFirst() >= at) { // nobody reads it before: it is computed later, not again
                work -= work(v.node);
            }
            long stays = longer.stream().mapToLong(r -> r.node.bytes()).sum();
            return new Drop(now.position(v), at, made, instead, Math.max(0, work), v.node.bytes() - stays);
        }

        private Value compute(Value v) {
            Value again = make(v.node, v.inputs.stream().map(this::present).toList());
            for (Value other : now.versions(v.node)) { // the old one, or one that would be computed later
                work -= now.position(other) >= at ? work(v.node) : 0;
                stands(again, other);
            }
            return again;
        }

        /// Views computed later follow their operands by themselves.
        private void stands(Value again, Value other) {
            instead.put(other, again);
            for (Value view : now.views(other)) {
                if (now.position(view) < at) {
                    stands(make(view.node, List.of(again)), view);
                }
            }
        }

        private Value make(Node node, List<Value> inputs) {
            Value again = new Value(node, inputs);
            made.add(again);
            madeOf.put(node, again);
            work += work(node);
            return again;
        }

        /// An operand's value as it can be had at this step.
        private Value present(Value operand) {
            Value known = madeOf.get(operand.node);
            if (known != null || operand.isLeaf()) {
                return known != null ? known : operand;
            }
            if (operand.isView()) {
                Value in = present(operand.inputs.getFirst());
                return in == operand.inputs.getFirst() ? operand : make(operand.node, List.of(in));
            }
            Value last = operand;
            for (Value version : now.versions(operand.node)) {
                if (now.isAlive(version, at)) {
                    return version;
                }
                last = now.position(version) < at ? version : last;
            }
            if (work(operand.node) <= CHEAP * operand.node.bytes()
                    && !now.isPacked(operand)
                    && !(operand.node.op() instanceof Op.Once)) {
                return compute(operand);
            }
            if (!now.isAlive(last, peak)) {
                longer.add(last);
            }
            return last;
        }
    }

    private static double work(List<Value> values) {
        return values.stream().mapToDouble(v -> work(v.node)).sum();
    }

    private static double work(Node n) {
        if (n.op() instanceof Op.View || n.op() instanceof Leaf) {
            return 0;
        }
        Shape[] in = n.inputs().stream().map(Node::shape).toArray(Shape[]::new);
        long traffic = n.bytes() + n.inputs().stream().mapToLong(Node::bytes).sum();
        return n.op().flops(n.shape(), in) + WORK_PER_BYTE * traffic;
    }
}
