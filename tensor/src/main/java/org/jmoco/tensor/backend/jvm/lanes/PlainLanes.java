package org.jmoco.tensor.backend.jvm.lanes;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.jmoco.tensor.backend.jvm.lanes.Element.get;
import static org.jmoco.tensor.backend.jvm.lanes.Element.set;

import java.lang.foreign.MemorySegment;

/// [Lanes] as ordinary loops: the path without the Vector API, and the last few elements of every row with it.
class PlainLanes extends Lanes {
    /// Independent partial sums of a reduction: accurate, and open to the compiler's own vectors.
    private static final int SUMS = 32;

    /// Sums in pairs of neighbours, then pairs of pairs, in place; the length is a power of two.
    static float pairwise(float[] sums) {
        for (int n = sums.length / 2; n > 0; n /= 2) {
            for (int i = 0; i < n; i++) {
                sums[i] = sums[2 * i] + sums[2 * i + 1];
            }
        }
        return sums[0];
    }

    static float larger(float a, float b) {
        return a >= b || Float.isNaN(a) ? a : b;
    }

    static float rectified(float x) {
        return x < 0 ? 0 : x;
    }

    @Override
    public float dot(MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        float[] sums = new float[SUMS];
        int i = 0;
        for (; i <= n - SUMS; i += SUMS) {
            for (int j = 0; j < SUMS; j++) {
                sums[j] = Math.fma(get(x, xAt + i + j), get(y, yAt + i + j), sums[j]);
            }
        }
        float sum = pairwise(sums);
        for (; i < n; i++) {
            sum = Math.fma(get(x, xAt + i), get(y, yAt + i), sum);
        }
        return sum;
    }

    @Override
    public float sum(MemorySegment x, long xAt, int n) {
        float[] sums = new float[SUMS];
        int i = 0;
        for (; i <= n - SUMS; i += SUMS) {
            for (int j = 0; j < SUMS; j++) {
                sums[j] += get(x, xAt + i + j);
            }
        }
        float sum = pairwise(sums);
        for (; i < n; i++) {
            sum += get(x, xAt + i);
        }
        return sum;
    }

    @Override
    public float max(MemorySegment x, long xAt, int n) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            max = larger(max, get(x, xAt + i));
        }
        return max;
    }

    @Override
    public void fill(float value, MemorySegment y, long yAt, int n) {
        for (int i = 0; i < n; i++) {
            set(y, yAt + i, value);
        }
    }

    @Override
    public void copy(MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        MemorySegment.copy(x, xAt * Float.BYTES, y, yAt * Float.BYTES, (long) n * Float.BYTES);
    }

    @Override
    public void copyRows(
            MemorySegment x, long xAt, long xStride, MemorySegment y, long yAt, long yStride, int rows, int n) {
        for (int r = 0; r < rows; r++) {
            copy(x, xAt + r * xStride, y, yAt + r * yStride, n);
        }
    }

    @Override
    public void scale(float a, MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        for (int i = 0; i < n; i++) {
            set(y, yAt + i, a * get(x, xAt + i));
        }
    }

    @Override
    public void affine(float a, float b, MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        for (int i = 0; i < n; i++) {
            set(y, yAt + i, Math.fma(a, get(x, xAt + i), b));
        }
    }

    @Override
    public void axpy(float a, MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        for (int i = 0; i < n; i++) {
            set(y, yAt + i, Math.fma(a, get(x, xAt + i), get(y, yAt + i)));
        }
    }

    @Override
    public void relu(MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        for (int i = 0; i < n; i++) {
            set(y, yAt + i, rectified(get(x, xAt + i)));
        }
    }

    @Override
    public void sqrt(MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        for (int i = 0; i < n; i++) {
            set(y, yAt + i, (float) Math.sqrt(get(x, xAt + i)));
        }
    }

    @Override
    public void exp(float shift, MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        for (int i = 0; i < n; i++) {
            set(y, yAt + i, Elementary.exp(get(x, xAt + i) - shift));
        }
    }

    @Override
    public void log(MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        for (int i = 0; i < n; i++) {
            set(y, yAt + i, Elementary.log(get(x, xAt + i)));
        }
    }

    @Override
    public void add(MemorySegment x, long xAt, MemorySegment y, long yAt, MemorySegment z, long zAt, int n) {
        for (int i = 0; i < n; i++) {
            set(z, zAt + i, get(x, xAt + i) + get(y, yAt + i));
        }
    }

    @Override
    public void sub(MemorySegment x, long xAt, MemorySegment y, long yAt, MemorySegment z, long zAt, int n) {
        for (int i = 0; i < n; i++) {
            set(z, zAt + i, get(x, xAt + i) - get(y, yAt + i));
        }
    }

    @Override
    public void mul(MemorySegment x, long xAt, MemorySegment y, long yAt, MemorySegment z, long zAt, int n) {
        for (int i = 0; i < n; i++) {
            set(z, zAt + i, get(x, xAt + i) * get(y, yAt + i));
        }
    }

    @Override
    public void div(MemorySegment x, long xAt, MemorySegment y, long yAt, MemorySegment z, long zAt, int n) {
        for (int i = 0; i < n; i++) {
            set(z, zAt + i, get(x, xAt + i) / get(y, yAt + i));
        }
    }

    @Override
    public void max(MemorySegment x, long xAt, MemorySegment y, long yAt, MemorySegment z, long zAt, int n) {
        for (int i = 0; i < n; i++) {
            set(z, zAt + i, larger(get(x, xAt + i), get(y, yAt + i)));
        }
    }

    @Override
    public void scaledAdd(
            float a, MemorySegment x, long xAt, float b, MemorySegment y, long yAt, MemorySegment z, long zAt, int n) {
        for (int i = 0; i < n; i++) {
            set(z, zAt + i, Math.fma(a, get(x, xAt + i), b * get(y, yAt + i)));
        }
    }

    @Override
    public void addRelu(MemorySegment x, long xAt, MemorySegment y, long yAt, MemorySegment z, long zAt, int n) {
        for (int i = 0; i < n; i++) {
            set(z, zAt + i, rectified(get(x, xAt + i) + get(y, yAt + i)));
        }
    }

    @Override
    public void reluGradient(
            MemorySegment dy, long dyAt, MemorySegment y, long yAt, MemorySegment dx, long dxAt, int n) {
        for (int i = 0; i < n; i++) {
            set(dx, dxAt + i, get(y, yAt + i) > 0 ? get(dy, dyAt + i) : 0);
        }
    }

    @Override
    public void multiplyAdd(MemorySegment x, long xAt, MemorySegment y, long yAt, MemorySegment z, long zAt, int n) {
        for (int i = 0; i < n; i++) {
            set(z, zAt + i, Math.fma(get(x, xAt + i), get(y, yAt + i), get(z, zAt + i)));
        }
    }

    @Override
    public void combineRows(
            float[] weights,
            int[] rows,
            int from,
            int to,
            MemorySegment x,
            long xAt,
            long stride,
            MemorySegment y,
            long yAt,
            int n) {
        for (int i = 0; i < n; i++) {
            set(y, yAt + i, combined(0, weights, rows, from, to, x, xAt + i, stride));
        }
    }

    @Override
    public void addRows(
            float[] weights,
            int[] rows,
            int from,
            int to,
            MemorySegment x,
            long xAt,
            long stride,
            MemorySegment y,
            long yAt,
            int n) {
        for (int i = 0; i < n; i++) {
            set(y, yAt + i, combined(get(y, yAt + i), weights, rows, from, to, x, xAt + i, stride));
        }
    }

    private static float combined(
            float start, float[] weights, int[] rows, int from, int to, MemorySegment x, long at, long stride) {
        float sum = start;
        for (int k = from; k < to; k++) {
            sum = Math.fma(weights[k], get(x, at + rows[k] * stride), sum);
        }
        return sum;
    }

    @Override
    public void sigmoidCrossEntropy(
            MemorySegment x, long xAt, MemorySegment t, long tAt, MemorySegment y, long yAt, int n) {
        for (int i = 0; i < n; i++) {
            float logit = get(x, xAt + i);
            float rest = Elementary.logOnePlus(Elementary.exp(-Math.abs(logit)));
            set(y, yAt + i, Math.fma(-logit, get(t, tAt + i), rectified(logit)) + rest);
        }
    }

    @Override
    public void sigmoidMinus(MemorySegment x, long xAt, MemorySegment t, long tAt, MemorySegment y, long yAt, int n) {
        for (int i = 0; i < n; i++) {
            float logit = get(x, xAt + i);
            float e = Elementary.exp(-Math.abs(logit));
            set(y, yAt + i, (logit < 0 ? e : 1) / (1 + e) - get(t, tAt + i));
        }
    }

    @Override
    public void maxAndWinner(
            int tag, MemorySegment x, long xAt, MemorySegment y, long yAt, MemorySegment winner, long winnerAt, int n) {
        for (int i = 0; i < n; i++) {
            float candidate = get(x, xAt + i);
            float best = get(y, yAt + i);
            if (candidate > best || (Float.isNaN(candidate) && !Float.isNaN(best))) {
                set(y, yAt + i, candidate);
                winner.setAtIndex(JAVA_INT, winnerAt + i, tag);
            }
        }
    }

    @Override
    public void addWhereWinner(
            int tag,
            MemorySegment winner,
            long winnerAt,
            MemorySegment dy,
            long dyAt,
            MemorySegment dx,
            long dxAt,
            int n) {
        for (int i = 0; i < n; i++) {
            if (winner.getAtIndex(JAVA_INT, winnerAt + i) == tag) {
                set(dx, dxAt + i, get(dx, dxAt + i) + get(dy, dyAt + i));
            }
        }
    }

    @Override
    public void sgd(
            float learningRate,
            float momentum,
            float weightDecay,
            boolean nesterov,
            MemorySegment g,
            long gAt,
            MemorySegment v,
            long vAt,
            MemorySegment p,
            long pAt,
            int n) {
        for (int i = 0; i < n; i++) {
            float weight = get(p, pAt + i);
            float gradient = Math.fma(weightDecay, weight, get(g, gAt + i));
            float velocity = Math.fma(momentum, get(v, vAt + i), gradient);
            float step = nesterov ? Math.fma(momentum, velocity, gradient) : velocity;
            set(v, vAt + i, velocity);
            set(p, pAt + i, Math.fma(-learningRate, step, weight));
        }
    }
}
