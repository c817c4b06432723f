package org.jmoco.tensor.ops.reduce;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.reference.OpReference;

final class TopKReference implements OpReference<TopK> {
    @Override
    public double[] run(TopK op, Node call, double[]... in) {
        int n = call.input(0).shape().dim(-1);
        double[] y = new double[Math.toIntExact(call.shape().size())];
        for (int r = 0; r < y.length / op.k(); r++) {
            int row = r * n;
            List<Integer> sorted = IntStream.range(0, n)
                    .boxed()
                    .sorted(Comparator.comparingDouble((Integer i) -> in[0][row + i])
                            .reversed())
                    .toList(); // a stable sort: equal elements stay in order
            for (int i = 0; i < op.k(); i++) {
                y[r * op.k() + i] = sorted.get(i);
            }
        }
        return y;
    }
}
