package org.jmoco.eval.detect;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jmoco.nn.BatchNorm2d;
import org.jmoco.tensor.Variable;

/// Batch norm's running statistics taken anew when a training is over: the plain mean over many batches of the
/// batch's mean and unbiased variance, in place of averages that follow weights which were still changing (fvcore's
/// `update_bn_stats` until May 2021, as published numbers have it).
///
/// A layer moves its running statistics a tenth of the way to a batch's. From 0 it gets to a tenth of them.
final class PreciseBatchNorm {
    private static final double NEW = 0.1;

    private final List<Variable> statistics;
    private final Map<Variable, double[]> sums = new LinkedHashMap<>();
    private int count;

    PreciseBatchNorm(Detector net) {
        statistics = net.modules().values().stream()
                .filter(BatchNorm2d.class::isInstance)
                .flatMap(norm -> norm.buffers().stream())
                .toList();
        statistics.forEach(v -> sums.put(v, new double[(int) v.shape().size()]));
    }

    /// Adds the statistics of a batch.
    void add(DetectStep step, DetectBatch part, int number) {
        statistics.forEach(v -> v.set(new float[(int) v.shape().size()]));
        step.forward(part, number);
        sums.forEach((v, sum) -> {
            float[] values = v.toArray();
            for (int i = 0; i < sum.length; i++) {
                sum[i] += values[i] / NEW;
            }
        });
        count++;
    }

    /// Gives the network the means.
    void finish() {
        sums.forEach((v, sum) -> {
            float[] means = new float[sum.length];
            for (int i = 0; i < sum.length; i++) {
                means[i] = (float) (sum[i] / count);
            }
            v.set(means);
        });
    }
}
