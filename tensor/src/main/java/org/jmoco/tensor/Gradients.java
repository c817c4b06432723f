package org.jmoco.tensor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jmoco.tensor.ops.shape.Reshape;

/// Reverse-mode differentiation: walks the graph backwards from a scalar and adds the nodes that compute its gradients.
public final class Gradients {
    private final Map<Node, Tensor> gradients = new HashMap<>();
    private final Set<Node> wanted = new HashSet<>();

    /// Gradients of variables, one a part, if there are several.
    private final Map<Node, List<Tensor>> ofParts = new HashMap<>();
    private final int parts;

    private Gradients(int parts) {
        this.parts = parts;
    }

    /// The gradients of the scalar `loss` with respect to variables, as the loss read them; zeros where it read
    /// none of one.
    public static List<Tensor> of(Tensor loss, List<Variable> variables) {
        return ofParts(loss, variables, 1).getFirst();
    }

    /// As [#of(Tensor, List)], apart for each of several equal stretches of the batch, as processes that share out
    /// a batch have them: entry r holds what the samples r·n/parts … contribute, with the bits that a program of
    /// these samples alone gives.
    ///
    /// Each use of a variable must be by an op whose gradient for it is a [sum over samples][Op.SampleSum]:
    /// convolution, matrix product, bias, scale and shift of batch norm.
    ///
    /// @param parts must divide the batch, and batch norm must take its statistics a part
    /// @return one list a part, each with one gradient a variable
    public static List<List<Tensor>> ofParts(Tensor loss, List<Variable> variables, int parts) {
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
        Gradients walk = new Gradients(parts);
        walk.walk(loss, targets);
        List<List<Tensor>> result = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            List<Tensor> gradients = new ArrayList<>();
            for (Variable v : variables) {
                List<Node> nodes = reads.getOrDefault(v, List.of());
                gradients.add(walk.sum(
                        v,
                        nodes.stream()
                                .sorted(Comparator.comparingLong(Node::id))
                                .toList(),
                        part));
            }
            result.add(gradients);
        }
        return result;
    }

    /// The gradient of a variable that was read at several places.
    private Tensor sum(Variable v, List<Node> nodes, int part) {
        Tensor sum = null;
        for (Node n : nodes) {
            Tensor g = found(n, part);
            sum = sum == null || g == null ? (g == null ? sum : g) : sum.add(g);
        }
        return sum == null ? Tensor.zeros(v.shape()) : sum;
    }

    private Tensor found(Node read, int part) {
        if (parts == 1) {
            return gradients.get(read);
        }
        List<Tensor> shares = ofParts.get(read);
        return shares == null ? null : shares.get(part);
    }

    /// The gradients of the scalar `loss` with respect to tensors it was computed from; zeros for a tensor it does
    /// not depend on.
    public static List<Tensor> of(Tensor loss, Tensor... targets) {
        List<Node> nodes = new ArrayList<>();
        for (Tensor t : targets) {
            nodes.add(t.node());
        }
        Gradients walk = new Gradients(1);
        walk.walk(loss, nodes);
        List<Tensor> result = new ArrayList<>();
        for (Tensor t : targets) {
            Tensor g = walk.gradients.get(t.node());
            result.add(g == null ? Tensor.zeros(t.shape()) : g);
        }
        return result;
    }

    private void walk(Tensor loss, List<Node> targets) {
        if (loss.shape().size() != 1 || loss.dtype() != DType.F32) {
            throw new ShapeException("gradients: the loss must be one float, got " + loss.dtype() + loss.shape()
                    + "; take mean() or sum() first");
        }
        List<Node> order = new ArrayList<>(Graph.reachable(List.of(loss.node())));
        order.sort(Comparator.comparingLong(Node::id));
        Set<Node> ends = new HashSet<>(targets);
        for (Node n : order) {
            if (ends.contains(n)
                    || n.inputs().stream().anyMatch(wanted::contains) && !(n.op() instanceof StopGradient)) {
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
                throw new IllegalStateException("gradient of " + n.op().name() + " for operand " + i + " has shape "
                        + g.shape() + ", the operand has " + n.input(i).shape());
            }
            if (n.input(i).op() instanceof Variable.Window && parts > 1) {
                ofParts.merge(n.input(i), share(g, n), Gradients::addEach);
            } else {
                gradients.merge(n.input(i), g, Tensor::add);
            }
        }
        return null;
    }

    /// Each part's share of a gradient, which is a sum over samples. What adds up all of them is traced too, but
    /// needed by nobody.
    private List<Tensor> share(Tensor gradient, Node user) {
        return IntStream.range(0, parts)
                .mapToObj(part -> share(gradient, part, user))
                .toList();
    }

    private Tensor share(Tensor gradient, int part, Node user) {
        Node n = gradient.node();
        return switch (n.op()) {
            case Reshape r -> share(Tensor.of(n.input(0)), part, user).reshape(n.shape());
            case Op.SampleSum s
            when s.sumsSamples() ->
                n.op().on(n.inputs().stream()
                        .map(in -> stretch(Tensor.of(in), part))
                        .toArray(Tensor[]::new));
            default ->
                throw new IllegalStateException("gradients by parts: " + user
                        + " uses a variable in a way whose gradient is no sum over samples, but a " + n.op().name());
        };
    }

    private Tensor stretch(Tensor samples, int part) {
        int n = samples.shape().dim(0);
        if (n % parts != 0) {
            throw new ShapeException(
                    "gradients by parts: a batch of " + n + " does not divide into " + parts + " equal parts");
        }
        return samples.slice(0, part * (n / parts), n / parts);
    }

    private static List<Tensor> addEach(List<Tensor> a, List<Tensor> b) {
        return IntStream.range(0, a.size())
                .mapToObj(i -> a.get(i).add(b.get(i)))
                .toList();
    }
}
