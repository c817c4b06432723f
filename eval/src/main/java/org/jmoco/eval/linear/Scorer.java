package org.jmoco.eval.linear;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jmoco.nn.Mode;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.loader.Position;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Tensor;

/// Classifies test images: features in, the classes of the five highest scores out. Holds compiled programs until
/// it is closed.
public final class Scorer implements AutoCloseable {
    private static final int TOP = 5;

    private final Device device;
    private final FeatureInput input;
    private final Classifiers classifiers;
    private final int count;
    private final int classes;
    private final Map<Integer, Compiled> programs = new HashMap<>();

    public Scorer(Device device, FeatureInput input, Classifiers classifiers, int classes) {
        this.device = device;
        this.input = input;
        this.classifiers = classifiers;
        count = classifiers.count();
        this.classes = classes;
    }

    /// Goes through all images once.
    ///
    /// @param beforeBatch may end it by an exception, such as [org.jmoco.nn.train.Run#endIfAsked]
    /// @return one score a classifier
    /// @throws DataException if there is no image   @throws DivergedException if scores are not finite
    public List<Score> run(Runnable beforeBatch) {
        int k = Math.min(TOP, classes);
        List<int[]> labels = new ArrayList<>();
        List<List<int[]>> tops = Stream.generate(() -> (List<int[]>) new ArrayList<int[]>())
                .limit(count)
                .toList();
        try (FeatureInput.Batches batches = input.from(Position.START)) {
            while (batches.hasNext()) {
                beforeBatch.run();
                FeatureInput.Feed batch = batches.next();
                int n = batch.labels().length;
                if (n == 0) {
                    continue;
                }
                Compiled compiled = programs.computeIfAbsent(n, size -> device.compile(program(size, k)));
                batch.to(compiled);
                compiled.run();
                requireFinite(compiled);
                labels.add(batch.labels());
                for (int i = 0; i < count; i++) {
                    tops.get(i).add(compiled.ints("top" + i));
                }
            }
        }
        if (labels.isEmpty()) {
            throw new DataException("there is no test image to classify");
        }
        int[] all = joined(labels);
        return tops.stream().map(top -> score(all, joined(top), k)).toList();
    }

    private Program program(int n, int k) {
        return Program.trace("classify", p -> {
            List<Tensor> logits = classifiers.logits(input.trace(p, n), Mode.EVALUATE);
            Tensor size = Tensor.scalar(0);
            for (int head = 0; head < logits.size(); head++) {
                p.output("top" + head, logits.get(head).topK(k));
                size = size.add(logits.get(head).square().sum());
            }
            p.output("size", size);
        });
    }

    @Override
    public void close() {
        programs.values().forEach(Compiled::close);
        programs.clear();
    }

    /// With scores that are NaN every class would be as good as another.
    private static void requireFinite(Compiled compiled) {
        if (!Float.isFinite(compiled.scalar("size"))) {
            throw new DivergedException(
                    "the classifiers' scores are not finite: their training diverged, try a lower learning rate");
        }
    }

    private static int[] joined(List<int[]> parts) {
        return parts.stream().flatMapToInt(Arrays::stream).toArray();
    }

    private static Score score(int[] labels, int[] top, int k) {
        int[] predictions = new int[labels.length];
        boolean[] inTop = new boolean[labels.length];
        for (int i = 0; i < labels.length; i++) {
            predictions[i] = top[i * k];
            for (int j = 0; j < k; j++) {
                inTop[i] |= top[i * k + j] == labels[i];
            }
        }
        return new Score(labels, predictions, inTop);
    }
}
