package org.jmoco.tensor.backend.jvm.lanes;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.jmoco.tensor.backend.jvm.lanes.Element.get;
import static org.jmoco.tensor.backend.jvm.lanes.Element.set;
import static org.jmoco.tensor.io.ArrayData.bfloat16ToFloat;
import static org.jmoco.tensor.io.ArrayData.floatToBfloat16;

import java.lang.foreign.MemorySegment;
import org.jmoco.tensor.backend.jvm.runtime.VectorSupport;

/// Arithmetic on rows of floats, the vocabulary in which element-wise kernels are written.
///
/// A row is given as its memory and the **element offset** of its first float (`x`, `xAt`): element `i` lies at
/// byte `4·(xAt + i)`. `n` is its length, 0 allowed. Inputs come first, the row that is written last; a row may be
/// overwritten in place where input and output are exactly the same row, but rows must not overlap otherwise.
/// Memory is off-heap.
///
/// **Bits.** Every element-wise method gives an element the same bits wherever it stands in the row, on both paths
/// (vector and plain) and before and after compilation. Reductions add in an order that depends on `n` and the
/// vector width alone. Neither holds for what the Vector API offers ready-made (`reduceLanes`, `EXP`, `LOG`), so
/// those are not used.
///
/// **A method is named here, once**, with its meaning as a plain loop, which runs where the Vector API is missing.
/// [VectorLanes] overrides what vectors make faster, and leaves the last few elements of a row to the loop here.
///
/// Matrices with one value a column (biases, batch norm) have their own methods in [Columns].
public class Lanes {
    /// Independent partial sums of a reduction: accurate, and open to the compiler's own vectors.
    private static final int SUMS = 32;

    /// Plain loops.
    Lanes() {}

    /// The fastest lanes this JVM offers.
    public static Lanes best() {
        return Choice.LANES;
    }

    /// A class of its own, so that loading a subclass never waits for the choice among them.
    private static final class Choice {
        static final Lanes LANES = VectorSupport.usesVectorApi() ? new VectorLanes() : new Lanes();
    }

    // ---- reductions ----

    /// `Σ x[i]·y[i]`.
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

    /// `Σ x[i]`.
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

    /// `Σ x[i]²`.
    public final float sumOfSquares(MemorySegment x, long xAt, int n) {
        return dot(x, xAt, x, xAt, n);
    }

    /// The largest element, −∞ for an empty row, NaN if there is a NaN.
    public float max(MemorySegment x, long xAt, int n) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            max = larger(max, get(x, xAt + i));
        }
        return max;
    }

    // ---- one row in, one row out ----

    /// `y[i] = value`.
    public void fill(float value, MemorySegment y, long yAt, int n) {
        for (int i = 0; i < n; i++) {
            set(y, yAt + i, value);
        }
    }

    /// `y[i] = x[i]`.
    public void copy(MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        MemorySegment.copy(x, xAt * Float.BYTES, y, yAt * Float.BYTES, (long) n * Float.BYTES);
    }

    /// Copies `rows` rows of `n` floats that lie `xStride` and `yStride` elements apart: for many short rows, as
    /// in packing.
    public void copyRows(
            MemorySegment x, long xAt, long xStride, MemorySegment y, long yAt, long yStride, int rows, int n) {
        for (int r = 0; r < rows; r++) {
            copy(x, xAt + r * xStride, y, yAt + r * yStride, n);
        }
    }

    /// `y[i] = a·x[i]`.
    public void scale(float a, MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        for (int i = 0; i < n; i++) {
            set(y, yAt + i, a * get(x, xAt + i));
        }
    }

    /// `y[i] = a·x[i] + b`, rounded once.
    public void affine(float a, float b, MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        for (int i = 0; i < n; i++) {
            set(y, yAt + i, Math.fma(a, get(x, xAt + i), b));
        }
    }

    /// `y[i] += a·x[i]`, rounded once.
    public void axpy(float a, MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        for (int i = 0; i < n; i++) {
            set(y, yAt + i, Math.fma(a, get(x, xAt + i), get(y, yAt + i)));
        }
    }

    /// `y[i] = max(x[i], 0)`; NaN stays NaN.
    public void relu(MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        for (int i = 0; i < n; i++) {
            set(y, yAt + i, rectified(get(x, xAt + i)));
        }
    }

    /// `y[i] = √x[i]`.
    public void sqrt(MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        for (int i = 0; i < n; i++) {
            set(y, yAt + i, (float) Math.sqrt(get(x, xAt + i)));
        }
    }

    /// `y[i]` is the bfloat16 nearest to `x[i]`, of two equally near ones the even one; NaN stays NaN.
    public void roundBf16(MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        for (int i = 0; i < n; i++) {
            set(y, yAt + i, bfloat16ToFloat(floatToBfloat16(get(x, xAt + i))));
        }
    }

    /// `y[i] = exp(x[i] − shift)`, within 2 ulp of the exponential of the difference.
    public void exp(float shift, MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        for (int i = 0; i < n; i++) {
            set(y, yAt + i, Elementary.exp(get(x, xAt + i) - shift));
        }
    }

    /// `y[i] = ln x[i]`, within 2 ulp; −∞ at 0, NaN below.
    public void log(MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        for (int i = 0; i < n; i++) {
            set(y, yAt + i, Elementary.log(get(x, xAt + i)));
        }
    }

    // ---- two rows in, one row out ----

    /// `z[i] = x[i] + y[i]`.
    public void add(MemorySegment x, long xAt, MemorySegment y, long yAt, MemorySegment z, long zAt, int n) {
        for (int i = 0; i < n; i++) {
            set(z, zAt + i, get(x, xAt + i) + get(y, yAt + i));
        }
    }

    /// `z[i] = x[i] − y[i]`.
    public void sub(MemorySegment x, long xAt, MemorySegment y, long yAt, MemorySegment z, long zAt, int n) {
        for (int i = 0; i < n; i++) {
            set(z, zAt + i, get(x, xAt + i) - get(y, yAt + i));
        }
    }

    /// `z[i] = x[i]·y[i]`.
    public void mul(MemorySegment x, long xAt, MemorySegment y, long yAt, MemorySegment z, long zAt, int n) {
        for (int i = 0; i < n; i++) {
            set(z, zAt + i, get(x, xAt + i) * get(y, yAt + i));
        }
    }

    /// `z[i] = x[i] / y[i]`.
    public void div(MemorySegment x, long xAt, MemorySegment y, long yAt, MemorySegment z, long zAt, int n) {
        for (int i = 0; i < n; i++) {
            set(z, zAt + i, get(x, xAt + i) / get(y, yAt + i));
        }
    }

    /// `z[i] =` the larger of `x[i]` and `y[i]`; NaN if either is NaN.
    public void max(MemorySegment x, long xAt, MemorySegment y, long yAt, MemorySegment z, long zAt, int n) {
        for (int i = 0; i < n; i++) {
            set(z, zAt + i, larger(get(x, xAt + i), get(y, yAt + i)));
        }
    }

    /// `z[i] = a·x[i] + b·y[i]`: `b·y[i]` is rounded first, then the sum once.
    public void scaledAdd(
            float a, MemorySegment x, long xAt, float b, MemorySegment y, long yAt, MemorySegment z, long zAt, int n) {
        for (int i = 0; i < n; i++) {
            set(z, zAt + i, Math.fma(a, get(x, xAt + i), b * get(y, yAt + i)));
        }
    }

    /// `z[i] = max(x[i] + y[i], 0)`; NaN stays NaN.
    public void addRelu(MemorySegment x, long xAt, MemorySegment y, long yAt, MemorySegment z, long zAt, int n) {
        for (int i = 0; i < n; i++) {
            set(z, zAt + i, rectified(get(x, xAt + i) + get(y, yAt + i)));
        }
    }

    /// `dx[i] = dy[i]` where `y[i] > 0`, else 0. `y` is the output of ReLU (its input serves as well).
    public void reluGradient(
            MemorySegment dy, long dyAt, MemorySegment y, long yAt, MemorySegment dx, long dxAt, int n) {
        for (int i = 0; i < n; i++) {
            set(dx, dxAt + i, get(y, yAt + i) > 0 ? get(dy, dyAt + i) : 0);
        }
    }

    /// `z[i] += x[i]·y[i]`, rounded once.
    public void multiplyAdd(MemorySegment x, long xAt, MemorySegment y, long yAt, MemorySegment z, long zAt, int n) {
        for (int i = 0; i < n; i++) {
            set(z, zAt + i, Math.fma(get(x, xAt + i), get(y, yAt + i), get(z, zAt + i)));
        }
    }

    // ---- rows of a matrix ----

    /// `y[i] = Σ weights[k]·x[rows[k]·stride + i]` over `from ≤ k < to`, added in that order, each product and sum
    /// rounded once: one row of a sparse matrix times a matrix whose rows lie `stride` elements apart.
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

    /// As [#combineRows], added to what y holds.
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

    // ---- binary cross-entropy ----

    /// `y[i] = ln(1 + exp x[i]) − x[i]·t[i]`, without overflow and precise where it is small.
    public void sigmoidCrossEntropy(
            MemorySegment x, long xAt, MemorySegment t, long tAt, MemorySegment y, long yAt, int n) {
        for (int i = 0; i < n; i++) {
            float logit = get(x, xAt + i);
            float rest = Elementary.logOnePlus(Elementary.exp(-Math.abs(logit)));
            set(y, yAt + i, Math.fma(-logit, get(t, tAt + i), rectified(logit)) + rest);
        }
    }

    /// `y[i] = 1/(1 + exp −x[i]) − t[i]`.
    public void sigmoidMinus(MemorySegment x, long xAt, MemorySegment t, long tAt, MemorySegment y, long yAt, int n) {
        for (int i = 0; i < n; i++) {
            float logit = get(x, xAt + i);
            float e = Elementary.exp(-Math.abs(logit));
            set(y, yAt + i, (logit < 0 ? e : 1) / (1 + e) - get(t, tAt + i));
        }
    }

    // ---- max pooling ----

    /// One candidate row of a max-pooling window: where `x[i] > y[i]`, or `x[i]` is NaN and `y[i]` is not, `y[i] =
    /// x[i]` and `winner[i] = tag` (stored as the bits of an int). The first of equal candidates wins, as in
    /// PyTorch.
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

    /// Its gradient: `dx[i] += dy[i]` where `winner[i] = tag`.
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

    // ---- updates of parameters ----

    /// SGD with momentum and weight decay as PyTorch defines it (dampening 0), in place: g' = g/parts + weightDecay·p;
    /// v = momentum·v + g'; p = p − learningRate·v, or with `nesterov` p − learningRate·(g' + momentum·v).
    public void sgd(
            float learningRate,
            float momentum,
            float weightDecay,
            boolean nesterov,
            float parts,
            MemorySegment g,
            long gAt,
            MemorySegment v,
            long vAt,
            MemorySegment p,
            long pAt,
            int n) {
        for (int i = 0; i < n; i++) {
            float weight = get(p, pAt + i);
            float gradient = Math.fma(weightDecay, weight, get(g, gAt + i) / parts);
            float velocity = Math.fma(momentum, get(v, vAt + i), gradient);
            float step = nesterov ? Math.fma(momentum, velocity, gradient) : velocity;
            set(v, vAt + i, velocity);
            set(p, pAt + i, Math.fma(-learningRate, step, weight));
        }
    }

    // ---- helpers ----

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

    private static float combined(
            float start, float[] weights, int[] rows, int from, int to, MemorySegment x, long at, long stride) {
        float sum = start;
        for (int k = from; k < to; k++) {
            sum = Math.fma(weights[k], get(x, at + rows[k] * stride), sum);
        }
        return sum;
    }
}
