package org.jmoco.bench;

import java.util.stream.IntStream;
import org.jmoco.tensor.random.Philox;

/// Numbers that both sides can make for themselves.
final class Data {
    private static final int STRETCH = 1 << 16;
    private static final int SAMPLE = 4096;

    private Data() {}

    /// Standard normal numbers that follow from the seed alone.
    static float[] normals(int n, long seed) {
        float[] values = new float[n];
        IntStream.range(0, Math.ceilDiv(n, STRETCH)).forEach(s -> {
            Philox draws = new Philox(seed, s, 0, 0);
            for (int i = s * STRETCH; i < Math.min(n, (s + 1) * STRETCH); i++) {
                values[i] = (float) draws.nextNormal();
            }
        });
        return values;
    }

    /// Some of many values, evenly spaced.
    static float[] sample(float... values) {
        int n = Math.min(SAMPLE, values.length);
        float[] some = new float[n];
        for (int i = 0; i < n; i++) {
            some[i] = values[(int) ((long) i * values.length / n)];
        }
        return some;
    }

    /// Arrays one after another.
    static float[] concat(float[]... parts) {
        int n = 0;
        for (float[] p : parts) {
            n += p.length;
        }
        float[] all = new float[n];
        int at = 0;
        for (float[] p : parts) {
            System.arraycopy(p, 0, all, at, p.length);
            at += p.length;
        }
        return all;
    }

    /// Class labels, evenly spread.
    static int[] labels(int n, int classes) {
        return IntStream.range(0, n).map(i -> 37 * i % classes).toArray();
    }
}
