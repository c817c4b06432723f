package org.jmoco.tensor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Reverse-mode differentiation: walks the graph backwards from a scalar and adds the nodes that compute its gradients.
public final class Gradients {
    private final Map<Node, Tensor> gradients = new HashMap<>();
    private final Set<Node> wanted = new HashSet<>();

    private Gradients() {}

    /// The gradients of the scalar `loss` with respect to variables, as the loss read them; zeros where it read none of one.
    public static List<Tensor> of(Tensor loss, List<Variable> variables) {
        Map<Variable, List<Node>> reads = new HashMap<>();
        for (Node n : Graph.reachable(List.of(loss.node()))) {
            if (n.op() instanceof Variable.Window w) {
                reads.computeIfAbsent(w.variable(), v -> new ArrayList<>()).add(n);
            }
        }
        List<Node> targets = new ArrayList<>();
        for (Variable v : variables) {
            targets.addAll(reads.getOrDefault(v, List.of()));
        }
        Map<Node, Tensor> found = new Gradients().walk(loss, targets);
        List<Tensor> result = new ArrayList<>();
        for (Variable v : variables) {
            Tensor sum = null;
            List<Node> nodes = reads.getOrDefault(v, List.of());
            for (Node n : nodes.stream().sorted(Comparator.comparingLong(Node::id)).toList()) {
                Tensor g = found.get(n);
                sum = sum == null || g == null ? (g == null ? sum : g) : sum.add(g);
            }
            result.add(sum == null ? Tensor.zeros(v.shape()) : sum);
        }
        return result;
    }

    /// The gradients of the scalar `loss` with respect to tensors it was computed from; zeros for a tensor it does not depend on.
    public static List<Tensor> of(Tensor loss, Tensor... targets) {
        List<Node> nodes = new ArrayList<>();
        for (Tensor t : targets) {
            nodes.add(t.node());
        }
        Map<Node, Tensor> found = new Gradients().walk(loss, nodes);
        List<Tensor> result = new ArrayList<>();
        for (Tensor t : targets) {
            Tensor g = found.get(t.node());
            result.add(g == null ? Tensor.zeros(t.shape()) : g);
        }
        return result;
    }

    private Map<Node, Tensor> walk(Tensor loss, List<Node> targets) {
        if (loss.shape().size() != 1 || loss.dtype() != DType.F32) {
            throw new ShapeException("gradients: the loss must be one float, got " + loss.dtype() + loss.shape() + "; take mean() or sum() first");
        }
        List<Node> order = new ArrayList<>(Graph.reachable(List.of(loss.node())));
        order.sort(Comparator.comparingLong(Node::id));
        Set<Node> ends = new HashSet<>(targets);
        for (Node n : order) {
            if (ends.contains(n) || n.inputs().stream().anyMatch(wanted::contains) && !(n.op() instanceof StopGradient)) {
                wanted.add(n);
            }
        }
        gradients.put(loss.node(), Tensor.ones(loss.shape()));
        for (Node n : order.reversed()) {
            Tensor dy = gradients.get(n);
            if (dy != null && wanted.contains(n) && n.inputs().stream().anyMatch(wanted::contains)) {
                Scope.in(n.scope(), () -> propagate(n, dy));
            }
        }
        return gradients;
    }

    private Void propagate(Node n, Tensor dy) {
        boolean[] needed = new boolean[n.inputs().size()];
        for (int i = 0; i < needed.length; i++) {
            needed[i] = wanted.contains(n.input(i));
        }
        List<Tensor> given = n.op().gradient(new Call(n, needed), dy);
        for (int i = 0; i < needed.length; i++) {
            Tensor g = needed[i] ? given.get(i) : null;
            if (g == null) {
                continue;
            }
            if (!g.shape().equals(n.input(i).shape())) {
                throw new IllegalStateException("gradient of " + n.op().name() + " for operand " + i + " has shape " + g.shape() + ", the operand has " + n.input(i).shape());
            }
            gradients.merge(n.input(i), g, Tensor::add);
        }
        return null;
    }
}
