package org.jmoco.tensor.backend.jvm.lanes;

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
/// Matrices with one value a column (biases, batch norm) have their own methods in [Columns].
public abstract class Lanes {
    Lanes() {}

    /// The fastest lanes this JVM offers.
    public static Lanes best() {
        return Choice.LANES;
    }

    /// A class of its own, so that loading a subclass never waits for the choice among them.
    private static final class Choice {
        static final Lanes LANES = VectorSupport.usesVectorApi() ? new VectorLanes() : new PlainLanes();
    }

    // ---- reductions ----

    /// Σ x[i]·y[i].
    public abstract float dot(MemorySegment x, long xAt, MemorySegment y, long yAt, int n);

    /// Σ x[i].
    public abstract float sum(MemorySegment x, long xAt, int n);

    /// Σ x[i]².
    public final float sumOfSquares(MemorySegment x, long xAt, int n) {
        return dot(x, xAt, x, xAt, n);
    }

    /// The largest element, −∞ for an empty row, NaN if there is a NaN.
    public abstract float max(MemorySegment x, long xAt, int n);

    // ---- one row in, one row out ----

    /// y[i] = value.
    public abstract void fill(float value, MemorySegment y, long yAt, int n);

    /// y[i] = x[i].
    public abstract void copy(MemorySegment x, long xAt, MemorySegment y, long yAt, int n);

    /// Copies `rows` rows of `n` floats that lie `xStride` and `yStride` elements apart: for many short rows, as
    /// in packing.
    public abstract void copyRows(
            MemorySegment x, long xAt, long xStride, MemorySegment y, long yAt, long yStride, int rows, int n);

    /// y[i] = a·x[i].
    public abstract void scale(float a, MemorySegment x, long xAt, MemorySegment y, long yAt, int n);

    /// y[i] = a·x[i] + b, rounded once.
    public abstract void affine(float a, float b, MemorySegment x, long xAt, MemorySegment y, long yAt, int n);

    /// y[i] += a·x[i], rounded once.
    public abstract void axpy(float a, MemorySegment x, long xAt, MemorySegment y, long yAt, int n);

    /// y[i] = max(x[i], 0); NaN stays NaN.
    public abstract void relu(MemorySegment x, long xAt, MemorySegment y, long yAt, int n);

    /// y[i] = √x[i].
    public abstract void sqrt(MemorySegment x, long xAt, MemorySegment y, long yAt, int n);

    /// y[i] = exp(x[i] − shift), within 2 ulp of the exponential of the difference.
    public abstract void exp(float shift, MemorySegment x, long xAt, MemorySegment y, long yAt, int n);

    /// y[i] = ln x[i], within 2 ulp; −∞ at 0, NaN below.
    public abstract void log(MemorySegment x, long xAt, MemorySegment y, long yAt, int n);

    // ---- two rows in, one row out ----

    /// z[i] = x[i] + y[i].
    public abstract void add(MemorySegment x, long xAt, MemorySegment y, long yAt, MemorySegment z, long zAt, int n);

    /// z[i] = x[i] − y[i].
    public abstract void sub(MemorySegment x, long xAt, MemorySegment y, long yAt, MemorySegment z, long zAt, int n);

    /// z[i] = x[i]·y[i].
    public abstract void mul(MemorySegment x, long xAt, MemorySegment y, long yAt, MemorySegment z, long zAt, int n);

    /// z[i] = x[i] / y[i].
    public abstract void div(MemorySegment x, long xAt, MemorySegment y, long yAt, MemorySegment z, long zAt, int n);

    /// z[i] = the larger of x[i] and y[i]; NaN if either is NaN.
    public abstract void max(MemorySegment x, long xAt, MemorySegment y, long yAt, MemorySegment z, long zAt, int n);

    /// z[i] = a·x[i] + b·y[i]: b·y[i] is rounded first, then the sum once.
    public abstract void scaledAdd(
            float a, MemorySegment x, long xAt, float b, MemorySegment y, long yAt, MemorySegment z, long zAt, int n);

    /// z[i] = max(x[i] + y[i], 0); NaN stays NaN.
    public abstract void addRelu(
            MemorySegment x, long xAt, MemorySegment y, long yAt, MemorySegment z, long zAt, int n);

    /// dx[i] = dy[i] where y[i] > 0, else 0. `y` is the output of ReLU (its input serves as well).
    public abstract void reluGradient(
            MemorySegment dy, long dyAt, MemorySegment y, long yAt, MemorySegment dx, long dxAt, int n);

    /// z[i] += x[i]·y[i], rounded once.
    public abstract void multiplyAdd(
            MemorySegment x, long xAt, MemorySegment y, long yAt, MemorySegment z, long zAt, int n);

    // ---- rows of a matrix ----

    /// y[i] = Σ weights[k]·x[rows[k]·stride + i] over `from ≤ k < to`, added in that order, each product and sum
    /// rounded once: one row of a sparse matrix times a matrix whose rows lie `stride` elements apart.
    public abstract void combineRows(
            float[] weights,
            int[] rows,
            int from,
            int to,
            MemorySegment x,
            long xAt,
            long stride,
            MemorySegment y,
            long yAt,
            int n);

    /// As [#combineRows], added to what y holds.
    public abstract void addRows(
            float[] weights,
            int[] rows,
            int from,
            int to,
            MemorySegment x,
            long xAt,
            long stride,
            MemorySegment y,
            long yAt,
            int n);

    // ---- binary cross-entropy ----

    /// y[i] = ln(1 + exp x[i]) − x[i]·t[i], without overflow and precise where it is small.
    public abstract void sigmoidCrossEntropy(
            MemorySegment x, long xAt, MemorySegment t, long tAt, MemorySegment y, long yAt, int n);

    /// y[i] = 1/(1 + exp −x[i]) − t[i].
    public abstract void sigmoidMinus(
            MemorySegment x, long xAt, MemorySegment t, long tAt, MemorySegment y, long yAt, int n);

    // ---- max pooling ----

    /// One candidate row of a max-pooling window: where x[i] > y[i], or x[i] is NaN and y[i] is not, y[i] = x[i] and
    /// winner[i] = tag (stored as the bits of an int). The first of equal candidates wins, as in PyTorch.
    public abstract void maxAndWinner(
            int tag, MemorySegment x, long xAt, MemorySegment y, long yAt, MemorySegment winner, long winnerAt, int n);

    /// Its gradient: dx[i] += dy[i] where winner[i] = tag.
    public abstract void addWhereWinner(
            int tag,
            MemorySegment winner,
            long winnerAt,
            MemorySegment dy,
            long dyAt,
            MemorySegment dx,
            long dxAt,
            int n);

    // ---- updates of parameters ----

    /// SGD with momentum and weight decay as PyTorch defines it (dampening 0), in place: g' = g + weightDecay·p;
    /// v = momentum·v + g'; p = p − learningRate·v, or with `nesterov` p − learningRate·(g' + momentum·v).
    public abstract void sgd(
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
            int n);
}
