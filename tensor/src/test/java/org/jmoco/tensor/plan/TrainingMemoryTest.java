package org.jmoco.tensor.plan;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jmoco.tensor.Graph;
import org.jmoco.tensor.Leaf;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.ops.loss.SoftmaxCrossEntropyGradient;
import org.jmoco.tensor.plan.rewrite.Rewrites;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A ResNet-18's forward and backward pass, planned but not run.
class TrainingMemoryTest {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theArenaIsLittleMoreThanWhatTheBackwardPassReads(boolean rewrites) {
        Graph written = LargeProgram.resnet18(32).graph();
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
}
