package org.jmoco.tensor.backend.jvm.lanes;

import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.IS_NAN;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.LT;
import static org.jmoco.tensor.backend.jvm.lanes.Element.get;
import static org.jmoco.tensor.backend.jvm.lanes.Element.set;
import static org.jmoco.tensor.backend.jvm.runtime.Vectors.SPECIES;
import static org.jmoco.tensor.backend.jvm.runtime.Vectors.WIDTH;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/// [Lanes] on the Vector API at the machine's preferred width (AVX2, AVX-512, NEON). The elements after the last whole
/// vector go through the plain loops of the superclass, which give each element the same bits.
///
/// Memory is loaded and stored as vectors of floats alone, whatever it holds. The compiler judges a load in every
/// kernel by what kinds of vectors have been loaded anywhere before; where there were two, every load and store
/// checks which one it has, and a ResNet's training step takes a tenth longer.
final class VectorLanes extends Lanes {
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int QUIET = 0x400000;
    private static final FloatVector ZERO = FloatVector.zero(SPECIES);

    static FloatVector load(MemorySegment x, long index) {
        return FloatVector.fromMemorySegment(SPECIES, x, index * Float.BYTES, ORDER);
    }

    static void store(FloatVector v, MemorySegment y, long index) {
        v.intoMemorySegment(y, index * Float.BYTES, ORDER);
    }

    static FloatVector larger(FloatVector a, FloatVector b) {
        return b.blend(a, a.compare(GE, b).or(a.test(IS_NAN)));
    }

    static FloatVector rectified(FloatVector x) {
        return x.blend(ZERO, x.compare(LT, 0f));
    }

    @Override
    public float dot(MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = FloatVector.zero(SPECIES);
        FloatVector s2 = FloatVector.zero(SPECIES);
        FloatVector s3 = FloatVector.zero(SPECIES);
        int i = 0;
        for (; i <= n - 4 * WIDTH; i += 4 * WIDTH) {
            s0 = load(x, xAt + i).fma(load(y, yAt + i), s0);
            s1 = load(x, xAt + i + WIDTH).fma(load(y, yAt + i + WIDTH), s1);
            s2 = load(x, xAt + i + 2 * WIDTH).fma(load(y, yAt + i + 2 * WIDTH), s2);
            s3 = load(x, xAt + i + 3 * WIDTH).fma(load(y, yAt + i + 3 * WIDTH), s3);
        }
        for (; i <= n - WIDTH; i += WIDTH) {
            s0 = load(x, xAt + i).fma(load(y, yAt + i), s0);
        }
        float sum = pairwise(s0.add(s1).add(s2.add(s3)).toArray());
        return i == n ? sum : sum + super.dot(x, xAt + i, y, yAt + i, n - i);
    }

    @Override
    public float sum(MemorySegment x, long xAt, int n) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = FloatVector.zero(SPECIES);
        FloatVector s2 = FloatVector.zero(SPECIES);
        FloatVector s3 = FloatVector.zero(SPECIES);
        int i = 0;
        for (; i <= n - 4 * WIDTH; i += 4 * WIDTH) {
            s0 = s0.add(load(x, xAt + i));
            s1 = s1.add(load(x, xAt + i + WIDTH));
            s2 = s2.add(load(x, xAt + i + 2 * WIDTH));
            s3 = s3.add(load(x, xAt + i + 3 * WIDTH));
        }
        for (; i <= n - WIDTH; i += WIDTH) {
            s0 = s0.add(load(x, xAt + i));
        }
        float sum = pairwise(s0.add(s1).add(s2.add(s3)).toArray());
        return i == n ? sum : sum + super.sum(x, xAt + i, n - i);
    }

    @Override
    public float max(MemorySegment x, long xAt, int n) {
        FloatVector max = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        int i = 0;
        for (; i <= n - WIDTH; i += WIDTH) {
            max = larger(max, load(x, xAt + i));
        }
        float largest = super.max(x, xAt + i, n - i);
        for (float lane : max.toArray()) {
            largest = larger(largest, lane);
        }
        return largest;
    }

    @Override
    public void fill(float value, MemorySegment y, long yAt, int n) {
        FloatVector v = FloatVector.broadcast(SPECIES, value);
        int i = 0;
        for (; i <= n - WIDTH; i += WIDTH) {
            store(v, y, yAt + i);
        }
        super.fill(value, y, yAt + i, n - i);
    }

    @Override
    public void copy(MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        int i = 0;
        for (; i <= n - WIDTH; i += WIDTH) {
            store(load(x, xAt + i), y, yAt + i);
        }
        for (;
                i < n;
                i++) { // by hand: the bulk copy of the superclass has a high fixed cost, and panels are made of short
            // rows
            set(y, yAt + i, get(x, xAt + i));
        }
    }

    @Override
    public void copyRows(
            MemorySegment x, long xAt, long xStride, MemorySegment y, long yAt, long yStride, int rows, int n) {
        for (int r = 0; r < rows; r++) {
            long from = xAt + r * xStride;
            long to = yAt + r * yStride;
            int i = 0;
            for (; i <= n - 4 * WIDTH; i += 4 * WIDTH) {
                FloatVector a = load(x, from + i);
                FloatVector b = load(x, from + i + WIDTH);
                FloatVector c = load(x, from + i + 2 * WIDTH);
                FloatVector d = load(x, from + i + 3 * WIDTH);
                store(a, y, to + i);
                store(b, y, to + i + WIDTH);
                store(c, y, to + i + 2 * WIDTH);
                store(d, y, to + i + 3 * WIDTH);
            }
            for (; i <= n - WIDTH; i += WIDTH) {
                store(load(x, from + i), y, to + i);
            }
            for (; i < n; i++) {
                set(y, to + i, get(x, from + i));
            }
        }
    }

    @Override
    public void scale(float a, MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        int i = 0;
        for (; i <= n - WIDTH; i += WIDTH) {
            store(load(x, xAt + i).mul(a), y, yAt + i);
        }
        super.scale(a, x, xAt + i, y, yAt + i, n - i);
    }

    @Override
    public void affine(float a, float b, MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        FloatVector va = FloatVector.broadcast(SPECIES, a);
        FloatVector vb = FloatVector.broadcast(SPECIES, b);
        int i = 0;
        for (; i <= n - WIDTH; i += WIDTH) {
            store(load(x, xAt + i).fma(va, vb), y, yAt + i);
        }
        super.affine(a, b, x, xAt + i, y, yAt + i, n - i);
    }

    @Override
    public void axpy(float a, MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        FloatVector va = FloatVector.broadcast(SPECIES, a);
        int i = 0;
        for (; i <= n - WIDTH; i += WIDTH) {
            store(load(x, xAt + i).fma(va, load(y, yAt + i)), y, yAt + i);
        }
        super.axpy(a, x, xAt + i, y, yAt + i, n - i);
    }

    @Override
    public void relu(MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        int i = 0;
        for (; i <= n - WIDTH; i += WIDTH) {
            store(rectified(load(x, xAt + i)), y, yAt + i);
        }
        super.relu(x, xAt + i, y, yAt + i, n - i);
    }

    @Override
    public void sqrt(MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        int i = 0;
        for (; i <= n - WIDTH; i += WIDTH) {
            store(load(x, xAt + i).sqrt(), y, yAt + i);
        }
        super.sqrt(x, xAt + i, y, yAt + i, n - i);
    }

    @Override
    public void roundBf16(MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        int i = 0;
        for (; i <= n - WIDTH; i += WIDTH) {
            FloatVector v = load(x, xAt + i);
            IntVector bits = v.reinterpretAsInts();
            FloatVector rounded =
                    upperHalf(bits.add(0x7FFF).add(bits.lanewise(LSHR, 16).and(1)));
            store(rounded.blend(upperHalf(bits.or(QUIET)), v.test(IS_NAN)), y, yAt + i);
        }
        super.roundBf16(x, xAt + i, y, yAt + i, n - i);
    }

    private static FloatVector upperHalf(IntVector bits) {
        return bits.and(0xFFFF0000).reinterpretAsFloats();
    }

    @Override
    public void exp(float shift, MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        int i = 0;
        for (; i <= n - WIDTH; i += WIDTH) {
            store(VectorElementary.exp(load(x, xAt + i).sub(shift)), y, yAt + i);
        }
        super.exp(shift, x, xAt + i, y, yAt + i, n - i);
    }

    @Override
    public void log(MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        int i = 0;
        for (; i <= n - WIDTH; i += WIDTH) {
            store(VectorElementary.log(load(x, xAt + i)), y, yAt + i);
        }
        super.log(x, xAt + i, y, yAt + i, n - i);
    }

    @Override
    public void add(MemorySegment x, long xAt, MemorySegment y, long yAt, MemorySegment z, long zAt, int n) {
        int i = 0;
        for (; i <= n - WIDTH; i += WIDTH) {
            store(load(x, xAt + i).add(load(y, yAt + i)), z, zAt + i);
        }
        super.add(x, xAt + i, y, yAt + i, z, zAt + i, n - i);
    }

    @Override
    public void sub(MemorySegment x, long xAt, MemorySegment y, long yAt, MemorySegment z, long zAt, int n) {
        int i = 0;
        for (; i <= n - WIDTH; i += WIDTH) {
            store(load(x, xAt + i).sub(load(y, yAt + i)), z, zAt + i);
        }
        super.sub(x, xAt + i, y, yAt + i, z, zAt + i, n - i);
    }

    @Override
    public void mul(MemorySegment x, long xAt, MemorySegment y, long yAt, MemorySegment z, long zAt, int n) {
        int i = 0;
        for (; i <= n - WIDTH; i += WIDTH) {
            store(load(x, xAt + i).mul(load(y, yAt + i)), z, zAt + i);
        }
        super.mul(x, xAt + i, y, yAt + i, z, zAt + i, n - i);
    }

    @Override
    public void div(MemorySegment x, long xAt, MemorySegment y, long yAt, MemorySegment z, long zAt, int n) {
        int i = 0;
        for (; i <= n - WIDTH; i += WIDTH) {
            store(load(x, xAt + i).div(load(y, yAt + i)), z, zAt + i);
        }
        super.div(x, xAt + i, y, yAt + i, z, zAt + i, n - i);
    }

    @Override
    public void max(MemorySegment x, long xAt, MemorySegment y, long yAt, MemorySegment z, long zAt, int n) {
        int i = 0;
        for (; i <= n - WIDTH; i += WIDTH) {
            store(larger(load(x, xAt + i), load(y, yAt + i)), z, zAt + i);
        }
        super.max(x, xAt + i, y, yAt + i, z, zAt + i, n - i);
    }

    @Override
    public void scaledAdd(
            float a, MemorySegment x, long xAt, float b, MemorySegment y, long yAt, MemorySegment z, long zAt, int n) {
        FloatVector va = FloatVector.broadcast(SPECIES, a);
        int i = 0;
        for (; i <= n - WIDTH; i += WIDTH) {
            store(load(x, xAt + i).fma(va, load(y, yAt + i).mul(b)), z, zAt + i);
        }
        super.scaledAdd(a, x, xAt + i, b, y, yAt + i, z, zAt + i, n - i);
    }

    @Override
    public void addRelu(MemorySegment x, long xAt, MemorySegment y, long yAt, MemorySegment z, long zAt, int n) {
        int i = 0;
        for (; i <= n - WIDTH; i += WIDTH) {
            store(rectified(load(x, xAt + i).add(load(y, yAt + i))), z, zAt + i);
        }
        super.addRelu(x, xAt + i, y, yAt + i, z, zAt + i, n - i);
    }

    @Override
    public void reluGradient(
            MemorySegment dy, long dyAt, MemorySegment y, long yAt, MemorySegment dx, long dxAt, int n) {
        int i = 0;
        for (; i <= n - WIDTH; i += WIDTH) {
            store(ZERO.blend(load(dy, dyAt + i), load(y, yAt + i).compare(GT, 0f)), dx, dxAt + i);
        }
        super.reluGradient(dy, dyAt + i, y, yAt + i, dx, dxAt + i, n - i);
    }

    @Override
    public void multiplyAdd(MemorySegment x, long xAt, MemorySegment y, long yAt, MemorySegment z, long zAt, int n) {
        int i = 0;
        for (; i <= n - WIDTH; i += WIDTH) {
            store(load(x, xAt + i).fma(load(y, yAt + i), load(z, zAt + i)), z, zAt + i);
        }
        super.multiplyAdd(x, xAt + i, y, yAt + i, z, zAt + i, n - i);
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
        int i = 0;
        for (; i <= n - 4 * WIDTH; i += 4 * WIDTH) {
            // Sums start from zeros made here: from the constant ZERO they are boxed, and take seven times as long.
            FloatVector a = FloatVector.zero(SPECIES);
            FloatVector b = FloatVector.zero(SPECIES);
            FloatVector c = FloatVector.zero(SPECIES);
            FloatVector d = FloatVector.zero(SPECIES);
            for (int k = from; k < to; k++) {
                FloatVector weight = FloatVector.broadcast(SPECIES, weights[k]);
                long at = xAt + rows[k] * stride + i;
                a = weight.fma(load(x, at), a);
                b = weight.fma(load(x, at + WIDTH), b);
                c = weight.fma(load(x, at + 2 * WIDTH), c);
                d = weight.fma(load(x, at + 3 * WIDTH), d);
            }
            store(a, y, yAt + i);
            store(b, y, yAt + i + WIDTH);
            store(c, y, yAt + i + 2 * WIDTH);
            store(d, y, yAt + i + 3 * WIDTH);
        }
        while (i < n && n >= WIDTH) { // the last vector may overlap the one before it
            int start = Math.min(i, n - WIDTH);
            FloatVector a = FloatVector.zero(SPECIES);
            for (int k = from; k < to; k++) {
                FloatVector weight = FloatVector.broadcast(SPECIES, weights[k]);
                a = weight.fma(load(x, xAt + rows[k] * stride + start), a);
            }
            store(a, y, yAt + start);
            i += WIDTH;
        }
        super.combineRows(weights, rows, from, to, x, xAt + i, stride, y, yAt + i, n - i);
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
        int i = 0;
        for (; i <= n - 4 * WIDTH; i += 4 * WIDTH) {
            FloatVector a = load(y, yAt + i);
            FloatVector b = load(y, yAt + i + WIDTH);
            FloatVector c = load(y, yAt + i + 2 * WIDTH);
            FloatVector d = load(y, yAt + i + 3 * WIDTH);
            for (int k = from; k < to; k++) {
                FloatVector weight = FloatVector.broadcast(SPECIES, weights[k]);
                long at = xAt + rows[k] * stride + i;
                a = weight.fma(load(x, at), a);
                b = weight.fma(load(x, at + WIDTH), b);
                c = weight.fma(load(x, at + 2 * WIDTH), c);
                d = weight.fma(load(x, at + 3 * WIDTH), d);
            }
            store(a, y, yAt + i);
            store(b, y, yAt + i + WIDTH);
            store(c, y, yAt + i + 2 * WIDTH);
            store(d, y, yAt + i + 3 * WIDTH);
        }
        for (; i <= n - WIDTH; i += WIDTH) {
            FloatVector a = load(y, yAt + i);
            for (int k = from; k < to; k++) {
                FloatVector weight = FloatVector.broadcast(SPECIES, weights[k]);
                a = weight.fma(load(x, xAt + rows[k] * stride + i), a);
            }
            store(a, y, yAt + i);
        }
        super.addRows(weights, rows, from, to, x, xAt + i, stride, y, yAt + i, n - i);
    }

    @Override
    public void sigmoidCrossEntropy(
            MemorySegment x, long xAt, MemorySegment t, long tAt, MemorySegment y, long yAt, int n) {
        int i = 0;
        for (; i <= n - WIDTH; i += WIDTH) {
            FloatVector logit = load(x, xAt + i);
            FloatVector rest =
                    VectorElementary.logOnePlus(VectorElementary.exp(logit.abs().neg()));
            store(logit.neg().fma(load(t, tAt + i), rectified(logit)).add(rest), y, yAt + i);
        }
        super.sigmoidCrossEntropy(x, xAt + i, t, tAt + i, y, yAt + i, n - i);
    }

    @Override
    public void sigmoidMinus(MemorySegment x, long xAt, MemorySegment t, long tAt, MemorySegment y, long yAt, int n) {
        FloatVector one = FloatVector.broadcast(SPECIES, 1f);
        int i = 0;
        for (; i <= n - WIDTH; i += WIDTH) {
            FloatVector logit = load(x, xAt + i);
            FloatVector e = VectorElementary.exp(logit.abs().neg());
            FloatVector sigmoid = one.blend(e, logit.compare(LT, 0f)).div(e.add(1f));
            store(sigmoid.sub(load(t, tAt + i)), y, yAt + i);
        }
        super.sigmoidMinus(x, xAt + i, t, tAt + i, y, yAt + i, n - i);
    }

    @Override
    public void maxAndWinner(
            int tag, MemorySegment x, long xAt, MemorySegment y, long yAt, MemorySegment winner, long winnerAt, int n) {
        int i = 0;
        for (; i <= n - WIDTH; i += WIDTH) {
            FloatVector candidate = load(x, xAt + i);
            FloatVector best = load(y, yAt + i);
            VectorMask<Float> wins =
                    candidate.compare(GT, best).or(candidate.test(IS_NAN).andNot(best.test(IS_NAN)));
            store(best.blend(candidate, wins), y, yAt + i);
            IntVector tags = load(winner, winnerAt + i).reinterpretAsInts();
            store(tags.blend(tag, wins.cast(INTS)).reinterpretAsFloats(), winner, winnerAt + i);
        }
        super.maxAndWinner(tag, x, xAt + i, y, yAt + i, winner, winnerAt + i, n - i);
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
        int i = 0;
        for (; i <= n - WIDTH; i += WIDTH) {
            IntVector tags = load(winner, winnerAt + i).reinterpretAsInts();
            FloatVector old = load(dx, dxAt + i);
            store(old.blend(old.add(load(dy, dyAt + i)), tags.compare(EQ, tag).cast(SPECIES)), dx, dxAt + i);
        }
        super.addWhereWinner(tag, winner, winnerAt + i, dy, dyAt + i, dx, dxAt + i, n - i);
    }

    @Override
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
        FloatVector decay = FloatVector.broadcast(SPECIES, weightDecay);
        FloatVector mu = FloatVector.broadcast(SPECIES, momentum);
        FloatVector rate = FloatVector.broadcast(SPECIES, -learningRate);
        int i = 0;
        for (; i <= n - WIDTH; i += WIDTH) {
            FloatVector weight = load(p, pAt + i);
            FloatVector gradient = decay.fma(weight, load(g, gAt + i).div(parts));
            FloatVector velocity = mu.fma(load(v, vAt + i), gradient);
            FloatVector step = nesterov ? mu.fma(velocity, gradient) : velocity;
            store(velocity, v, vAt + i);
            store(rate.fma(step, weight), p, pAt + i);
        }
        super.sgd(learningRate, momentum, weightDecay, nesterov, parts, g, gAt + i, v, vAt + i, p, pAt + i, n - i);
    }
}
