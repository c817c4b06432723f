package org.jmoco.nn.optim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.Variable;
import org.jmoco.tensor.VariableGroup;

/// The exponential moving average of parameters: MoCo's key encoder follows the query encoder (He et al. 2020,
/// equation 2), `θk ← m·θk + (1 − m)·θq`. Give it parameters; buffers such as running statistics do not take
/// part.
///
/// The averages are moved into one block for each block that the followed parameters lie in, in their order, so an
/// update is one sweep. So the optimiser of the followed parameters is made first, then this, then the first
/// program is traced.
public final class Ema {
    private final List<Pair> pairs = new ArrayList<>();

    /// Averages and a stretch of what they follow, which lie alike.
    private record Pair(VariableGroup averages, VariableGroup followed, int from) {}

    /// @param averages what follows, in the order and with the shapes of `followed`
    /// @throws IllegalStateException if parameters of one block are not followed in its order and without omission
    public Ema(List<Variable> averages, List<Variable> followed) {
        if (averages.size() != followed.size()) {
            throw new IllegalArgumentException("moving average: " + averages.size() + " averages cannot follow "
                    + followed.size() + " parameters");
        }
        Map<VariableGroup, List<Integer>> blocks = new LinkedHashMap<>();
        for (int i = 0; i < followed.size(); i++) {
            if (!averages.get(i).shape().equals(followed.get(i).shape())) {
                throw new IllegalArgumentException(
                        "moving average: " + averages.get(i) + " cannot follow " + followed.get(i));
            }
            blocks.computeIfAbsent(followed.get(i).group(), g -> new ArrayList<>())
                    .add(i);
        }
        blocks.forEach((block, indices) -> {
            VariableGroup joined =
                    alike(block, indices.stream().map(averages::get).toList());
            int from = followed.get(indices.getFirst()).offset();
            for (int i : indices) {
                if (followed.get(i).offset() - from != averages.get(i).offset()) {
                    throw new IllegalStateException(
                            "moving average: " + followed.get(i).name()
                                    + " is out of order; name the parameters as the optimiser has them");
                }
            }
            pairs.add(new Pair(joined, block, from));
        });
    }

    /// The averages in a block laid out as `block`: a variable that lies alone has no gap behind it.
    private static VariableGroup alike(VariableGroup block, List<Variable> averages) {
        boolean alone = block.size() == averages.getFirst().shape().size()
                && averages.getFirst().group().variables().size() == 1;
        return alone ? averages.getFirst().group() : VariableGroup.join("average." + block.name(), averages);
    }

    /// Moves the averages on, inside a traced program.
    ///
    /// @param momentum how much stays of them, m in `[0, 1]`; `0.999`, not `0.999f`, see
    ///     [org.jmoco.tensor.ops.update.MovingAverage]
    public void update(double momentum) {
        for (Pair p : pairs) {
            Tensor latest = p.followed().read().slice(0, p.from(), p.averages().size());
            p.averages().assign(p.averages().read().movingAverage(latest, momentum));
        }
    }
}
