package org.jmoco.tensor;

import java.util.function.Consumer;
import org.jmoco.tensor.plan.rewrite.RoundProducts;

/// A computation traced once and run many times, such as a whole training step: forward, backward, update.
///
/// ```java
/// Program step = Program.trace("step", p -> {
///     Tensor x = p.input("x", Shape.of(64, 784)), labels = p.input("labels", Shape.of(64), DType.I32);
///     Tensor loss = mlp.forward(x).softmaxCrossEntropy(labels).mean();
///     sgd.update(Gradients.of(loss, mlp.parameters()), p.scalar("learningRate"));
///     p.output("loss", loss);
/// });
/// ```
/// Only what is fed goes in and only the outputs come out; variables stay where the device keeps them.
public final class Program {
    private final Graph graph;

    private Program(Graph graph) {
        this.graph = graph;
    }

    /// Traces `body` once.
    public static Program trace(String name, Consumer<Trace> body) {
        return new Program(Trace.record(name, body));
    }

    /// This program with the products of its network computed from operands of this precision, forward and in both
    /// gradients; itself for [Precision#FLOAT32]. The network is what was traced under a [Scope], as modules are:
    /// products of a loss stay float32.
    public Program with(Precision precision) {
        return precision == Precision.FLOAT32 ? this : new Program(RoundProducts.apply(precision, graph));
    }

    public String name() {
        return graph.name();
    }

    public Graph graph() {
        return graph;
    }
}
