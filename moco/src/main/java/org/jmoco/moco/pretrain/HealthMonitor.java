package org.jmoco.moco.pretrain;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.ejml.data.DMatrixRMaj;
import org.jmoco.eval.health.FeatureHealth;
import org.jmoco.moco.algorithm.Moco;
import org.jmoco.moco.algorithm.Pixels;
import org.jmoco.nn.data.image.PngWriter;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.nn.train.RunLog;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.Device;

/// Watches features and queue while an encoder is being trained: encodes the views of the next batch as the
/// encoders are now and measures how they lie. Changes nothing.
public final class HealthMonitor {
    public static final int MOST_PAIRS = 256;
    private static final int MOST_NEGATIVES = 4_096;
    private static final int PAIRS_SHOWN = 8;

    private final Moco moco;
    private final BatchSource batches;
    private final Device device;
    private final int pairs;
    private Compiled features;

    HealthMonitor(Moco moco, BatchSource batches, Device device) {
        this.moco = moco;
        this.batches = batches;
        this.device = device;
        pairs = Math.min(MOST_PAIRS, moco.config().batch());
    }

    /// Looks.
    ///
    /// @param done steps done
    /// @return what was measured, by its key in `metrics.jsonl`
    SequencedMap<String, Number> look(long done, RunLog log) {
        SequencedMap<String, Number> values = new LinkedHashMap<>();
        if (pairs < 2) {
            return values;
        }
        if (features == null) {
            features = device.compile(moco.features(pairs));
        }
        BatchSource.Views views;
        try (BatchSource.Batches next = batches.from(done, moco::permutation)) {
            views = next.next();
        }
        fill("query", views.query());
        fill("key", views.key());
        features.run();
        float[] queries = features.floats("query");
        int dim = moco.config().model().dim();
        FeatureHealth health =
                FeatureHealth.of(rows(queries, pairs, dim), rows(features.floats("key"), pairs, dim), negatives(dim));
        values.put("alignment", health.alignment());
        values.put("uniformity", health.uniformity());
        values.put("effectiveRank", health.effectiveRank());
        values.put("spread", health.spread());
        values.put("positiveRank", health.positiveRank());
        values.put("keyAge", keyAge(done));
        log.histogram(done, "features", queries);
        if (batches.pixels().normalize().isPresent()) {
            RgbImage shown = pictures(views);
            log.picture(done, "views", shown.height(), shown.width(), PngWriter.encode(shown));
        }
        health.alarm().ifPresent(alarm -> log.print("warning: " + alarm));
        return values;
    }

    private void fill(String input, MemorySegment views) {
        MemorySegment to = features.input(input);
        MemorySegment.copy(views, 0, to, 0, to.byteSize());
    }

    private DMatrixRMaj negatives(int dim) {
        int k = Math.min(MOST_NEGATIVES, moco.config().contrast().queue());
        return rows(moco.negatives(), k, dim);
    }

    private static DMatrixRMaj rows(float[] values, int n, int d) {
        DMatrixRMaj rows = new DMatrixRMaj(n, d);
        for (int i = 0; i < n * d; i++) {
            rows.data[i] = values[i];
        }
        return rows;
    }

    /// Mean age of the keys in the queue, in steps: it is filled from the start, a batch a step.
    private double keyAge(long done) {
        int pushed = moco.config().contrast().symmetric()
                ? 2 * moco.config().batch()
                : moco.config().batch();
        long slots = moco.config().contrast().queue() / pushed;
        return (Math.min(done, slots) - 1) / 2.0;
    }

    /// Some pairs of views, the queries above and their keys below.
    private RgbImage pictures(BatchSource.Views views) {
        Pixels size = batches.pixels();
        int shown = Math.min(PAIRS_SHOWN, pairs);
        int row = 3 * size.width();
        RgbImage grid = new RgbImage(shown * size.width(), 2 * size.height());
        for (int i = 0; i < 2 * shown; i++) {
            MemorySegment from = i < shown ? views.query() : views.key();
            int image = i % shown;
            for (int y = 0; y < size.height(); y++) {
                long at = ((long) image * size.height() + y) * row;
                int to = 3 * (((i / shown) * size.height() + y) * grid.width() + image * size.width());
                MemorySegment.copy(from, ValueLayout.JAVA_BYTE, at, grid.rgb(), to, row);
            }
        }
        return grid;
    }
}
