package org.jmoco.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// A value of the graph: the op that computes it, its operands, its shape and type. Immutable.
///
/// Ids grow in the order of tracing, so sorting reachable nodes by id is a topological order, and the one the
/// author of a program wrote.
public final class Node {
    private static final AtomicLong IDS = new AtomicLong();

    private final long id = IDS.getAndIncrement();
    private final Op op;
    private final List<Node> inputs;
    private final Shape shape;
    private final DType dtype;
    private final String scope;

    private Node(Op op, List<Node> inputs, Shape shape, DType dtype, String scope) {
        this.op = op;
        this.inputs = List.copyOf(inputs);
        this.shape = shape;
        this.dtype = dtype;
        this.scope = scope;
    }

    /// Applies an op: checks shapes and types, and adds the node to the trace under way, if there is one.
    static Node of(Op op, Tensor... operands) {
        List<Node> inputs = new ArrayList<>(operands.length);
        for (Tensor t : operands) {
            inputs.add(t.node());
        }
        return of(op, inputs);
    }

    /// Applies an op to nodes; rewrites use this.
    public static Node of(Op op, List<Node> inputs) {
        Shape[] shapes = inputs.stream().map(Node::shape).toArray(Shape[]::new);
        DType[] types = inputs.stream().map(Node::dtype).toArray(DType[]::new);
        return new Node(op, inputs, op.shapeOf(shapes), op.typeOf(types), Scope.current());
    }

    /// Order of tracing; unique within the process.
    public long id() {
        return id;
    }

    public Op op() {
        return op;
    }

    public List<Node> inputs() {
        return inputs;
    }

    public Node input(int i) {
        return inputs.get(i);
    }

    public Shape shape() {
        return shape;
    }

    public DType dtype() {
        return dtype;
    }

    /// The module path under which the node was traced, `layer1.0.conv1`, or empty.
    public String scope() {
        return scope;
    }

    /// Bytes of the value.
    public long bytes() {
        return shape.size() * dtype.bytes();
    }

    @Override
    public String toString() {
        return op.name() + shape + (scope.isEmpty() ? "" : " in " + scope);
    }
}
