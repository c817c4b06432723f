package org.jmoco.tensor.plan;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Gradients;
import org.jmoco.tensor.Graph;
import org.jmoco.tensor.Leaf;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.Trace;
import org.jmoco.tensor.ops.loss.SoftmaxCrossEntropyGradient;
import org.jmoco.tensor.ops.norm.BatchGroups;
import org.jmoco.tensor.plan.rewrite.Rewrites;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A ResNet-18's forward and backward pass, planned but not run.
class TrainingMemoryTest {
    private final List<Tensor> parameters = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theArenaIsLittleMoreThanWhatTheBackwardPassReads(boolean rewrites) {
        Graph written = training(32).graph();
        Graph graph = rewrites ? Rewrites.apply(written) : written;
        long kept = keptForBackward(graph);
        long arena = Planner.plan(graph, true, n -> 0).activationBytes();
        assertTrue(
                arena >= kept,
                "activations " + arena + " bytes, less than the " + kept + " that must be kept: the count is wrong");
        assertTrue(
                arena <= 1.05 * kept,
                "activations " + arena + " bytes, the backward pass reads " + kept + " of the forward pass");
    }

    /// Bytes of the values that are computed before the first gradient and read after it.
    private static long keptForBackward(Graph graph) {
        List<Node> nodes = graph.nodes();
        int turn = 0;
        while (!(nodes.get(turn).op() instanceof SoftmaxCrossEntropyGradient)) {
            turn++;
        }
        Map<Node, Integer> lastRead = new HashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            for (Node in : nodes.get(i).inputs()) {
                Node root = in;
                while (root.op() instanceof Op.View) {
                    root = root.input(0);
                }
                lastRead.put(root, i);
            }
        }
        int first = turn;
        return nodes.subList(0, turn).stream()
                .filter(n -> !(n.op() instanceof Leaf)
                        && !(n.op() instanceof Op.View)
                        && lastRead.getOrDefault(n, 0) >= first)
                .mapToLong(Node::bytes)
                .sum();
    }

    private Program training(int n) {
        return Program.trace("resnet-18", p -> {
            Tensor x = convolved(p, p.input("images", Shape.of(n, 224, 224, 3)), 7, 64, 2)
                    .relu()
                    .maxPool2d(3, 2, 1);
            for (int stage = 0; stage < 4; stage++) {
                x = block(p, block(p, x, 64 << stage, stage == 0 ? 1 : 2), 64 << stage, 1);
            }
            Tensor loss = x.globalAvgPool()
                    .matmul(parameter(p, Shape.of(512, 1000)))
                    .softmaxCrossEntropy(p.input("labels", Shape.of(n), DType.I32))
                    .mean();
            List<Tensor> gradients = Gradients.of(loss, parameters.toArray(Tensor[]::new));
            for (int i = 0; i < gradients.size(); i++) {
                p.output("gradient" + i, gradients.get(i));
            }
        });
    }

    private Tensor block(Trace p, Tensor x, int width, int stride) {
        Tensor shortcut = stride == 1 ? x : convolved(p, x, 1, width, stride);
        Tensor y = convolved(p, x, 3, width, stride).relu();
        return convolved(p, y, 3, width, 1).add(shortcut).relu();
    }

    /// A convolution and its batch norm.
    private Tensor convolved(Trace p, Tensor x, int kernel, int out, int stride) {
        Tensor y = x.conv2d(parameter(p, Shape.of(kernel, kernel, x.shape().dim(3), out)), stride, kernel / 2);
        return y.batchNorm(parameter(p, Shape.of(out)), parameter(p, Shape.of(out)), BatchGroups.WHOLE, 1e-5f)
                .y();
    }

    private Tensor parameter(Trace p, Shape shape) {
        Tensor t = p.input("parameter" + parameters.size(), shape);
        parameters.add(t);
        return t;
    }
}
