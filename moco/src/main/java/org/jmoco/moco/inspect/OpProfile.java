package org.jmoco.moco.inspect;

import java.lang.foreign.MemorySegment;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.backend.KernelObserver;

/// Adds up what each op of a program takes: calls, time, floating-point operations, bytes of its operands and result.
public final class OpProfile implements KernelObserver {
    private final Function<Node, String> grouping;
    private final Map<String, Row> rows = new LinkedHashMap<>();

    /// One line of the table.
    ///
    /// @param flops floating-point operations of all calls, a multiply-add counting two
    /// @param bytes of operands and results of all calls, each counted once a call
    public record Row(String name, long calls, long nanos, double flops, double bytes) {
        private Row plus(long time, double operations, double moved) {
            return new Row(name, calls + 1, nanos + time, flops + operations, bytes + moved);
        }

        /// Milliards of floating-point operations a second.
        public double gigaflops() {
            return flops / nanos;
        }

        /// Milliards of bytes a second.
        public double gigabytes() {
            return bytes / nanos;
        }
    }

    private OpProfile(Function<Node, String> grouping) {
        this.grouping = grouping;
    }

    /// One row an op.
    public static OpProfile byOp() {
        return new OpProfile(n -> n.op().name());
    }

    /// One row an op and shape of its operands.
    public static OpProfile byShape() {
        return new OpProfile(n -> {
            StringBuilder name = new StringBuilder(n.op().name());
            n.inputs().forEach(in -> name.append(' ').append(in.shape()));
            return name.append(" → ").append(n.shape()).toString();
        });
    }

    @Override
    public void ran(Node node, MemorySegment result, long nanos) {
        String name = grouping.apply(node);
        Shape[] in = node.inputs().stream().map(Node::shape).toArray(Shape[]::new);
        double bytes =
                node.bytes() + node.inputs().stream().mapToDouble(Node::bytes).sum();
        rows.merge(
                name,
                new Row(name, 1, nanos, node.op().flops(node.shape(), in), bytes),
                (before, one) -> before.plus(one.nanos(), one.flops(), one.bytes()));
    }

    /// The table, what takes longest first.
    public List<Row> rows() {
        return rows.values().stream()
                .sorted(Comparator.comparingLong(Row::nanos).reversed())
                .toList();
    }

    /// Time of all ops.
    public long nanos() {
        return rows.values().stream().mapToLong(Row::nanos).sum();
    }
}
