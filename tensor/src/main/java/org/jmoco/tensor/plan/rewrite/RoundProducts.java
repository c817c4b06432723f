package org.jmoco.tensor.plan.rewrite;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jmoco.tensor.Graph;
import org.jmoco.tensor.Leaf;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Precision;
import org.jmoco.tensor.Scope;
import org.jmoco.tensor.ops.elementwise.Add;
import org.jmoco.tensor.ops.elementwise.RoundBf16;
import org.jmoco.tensor.ops.elementwise.Subtract;

/// Has a network's products take rounded operands. A value is rounded once, before the first product that takes it,
/// for all of them: those of the forward pass and of both gradients.
///
/// The network's products are those that were traced under a [Scope], a module's, and the products of their gradients.
/// Others, such as a loss's, stay as they are.
public final class RoundProducts {
    private final Precision precision;
    private final Map<Node, Node> carried = new HashMap<>();
    private final Map<Node, Node> high = new HashMap<>();
    private final Map<Node, Node> low = new HashMap<>();
    private final List<Node> nodes = new ArrayList<>();

    private RoundProducts(Precision precision) {
        this.precision = precision;
    }

    /// The program with its products of this precision.
    public static Graph apply(Precision precision, Graph graph) {
        if (precision == Precision.FLOAT32) {
            return graph;
        }
        RoundProducts walk = new RoundProducts(precision);
        for (Node n : graph.nodes()) {
            walk.carried.put(n, Scope.in(n.scope(), () -> walk.carry(n)));
        }
        return graph.with(walk.carried::get, List.copyOf(walk.nodes));
    }

    private Node carry(Node n) {
        List<Node> inputs = n.inputs().stream().map(carried::get).toList();
        boolean product = n.op() instanceof Op.Product && !n.scope().isEmpty();
        return product ? product(n.op(), inputs) : inputs.equals(n.inputs()) ? keep(n) : add(n.op(), inputs);
    }

    /// @param inputs two factors, and perhaps a bias
    private Node product(Op op, List<Node> inputs) {
        Node x = inputs.get(0);
        Node w = inputs.get(1);
        List<Node> factors = new ArrayList<>(inputs);
        factors.set(0, high(x));
        factors.set(1, high(w));
        Node product = add(op, factors);
        if (precision == Precision.BF16) {
            return product;
        }
        Node rest = add(new Add(), List.of(add(op, List.of(high(x), low(w))), add(op, List.of(low(x), high(w)))));
        return add(new Add(), List.of(product, rest));
    }

    private Node high(Node x) {
        Node known = high.get(x);
        if (known == null) {
            known = isPart(x) ? add(x.op(), List.of(high(x.input(0)))) : add(new RoundBf16(), List.of(x));
            high.put(x, known);
        }
        return known;
    }

    /// What rounding took away, rounded; the difference itself is exact.
    private Node low(Node x) {
        Node known = low.get(x);
        if (known == null) {
            known = isPart(x)
                    ? add(x.op(), List.of(low(x.input(0))))
                    : add(new RoundBf16(), List.of(add(new Subtract(), List.of(x, high(x)))));
            low.put(x, known);
        }
        return known;
    }

    /// Whether a value is computed memory seen otherwise, which is rounded as a whole. Variables are rounded each by
    /// itself, since not all of a group go into products.
    private static boolean isPart(Node x) {
        return x.op() instanceof Op.View && !(x.input(0).op() instanceof Leaf);
    }

    private Node add(Op op, List<Node> inputs) {
        return keep(Node.of(op, inputs));
    }

    private Node keep(Node n) {
        nodes.add(n);
        return n;
    }
}
