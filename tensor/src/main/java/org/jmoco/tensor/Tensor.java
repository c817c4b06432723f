package org.jmoco.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.function.Function;
import org.jmoco.tensor.ops.conv.Conv2d;
import org.jmoco.tensor.ops.elementwise.Add;
import org.jmoco.tensor.ops.elementwise.AddModulo;
import org.jmoco.tensor.ops.elementwise.Compare;
import org.jmoco.tensor.ops.elementwise.Divide;
import org.jmoco.tensor.ops.elementwise.Exp;
import org.jmoco.tensor.ops.elementwise.Log;
import org.jmoco.tensor.ops.elementwise.Maximum;
import org.jmoco.tensor.ops.elementwise.Multiply;
import org.jmoco.tensor.ops.elementwise.NormalizeImage;
import org.jmoco.tensor.ops.elementwise.Relu;
import org.jmoco.tensor.ops.elementwise.RoundBf16;
import org.jmoco.tensor.ops.elementwise.Sqrt;
import org.jmoco.tensor.ops.elementwise.Subtract;
import org.jmoco.tensor.ops.image.ResizeBilinear;
import org.jmoco.tensor.ops.image.ZeroOutside;
import org.jmoco.tensor.ops.loss.SigmoidCrossEntropy;
import org.jmoco.tensor.ops.loss.SoftmaxCrossEntropy;
import org.jmoco.tensor.ops.matmul.MatMul;
import org.jmoco.tensor.ops.norm.AcrossRanks;
import org.jmoco.tensor.ops.norm.BatchGroups;
import org.jmoco.tensor.ops.norm.BatchNorm;
import org.jmoco.tensor.ops.norm.BatchNormInference;
import org.jmoco.tensor.ops.norm.BatchNormStatistics;
import org.jmoco.tensor.ops.norm.BatchNormalized;
import org.jmoco.tensor.ops.norm.L2Normalize;
import org.jmoco.tensor.ops.norm.RankExchange;
import org.jmoco.tensor.ops.pool.AdaptiveAvgPool2d;
import org.jmoco.tensor.ops.pool.AvgPool2d;
import org.jmoco.tensor.ops.pool.MaxPool2d;
import org.jmoco.tensor.ops.pool.Pooling;
import org.jmoco.tensor.ops.random.Dropout;
import org.jmoco.tensor.ops.random.RandomNormal;
import org.jmoco.tensor.ops.random.RandomUniform;
import org.jmoco.tensor.ops.reduce.ArgMax;
import org.jmoco.tensor.ops.reduce.Max;
import org.jmoco.tensor.ops.reduce.Sum;
import org.jmoco.tensor.ops.reduce.SumTo;
import org.jmoco.tensor.ops.reduce.TopK;
import org.jmoco.tensor.ops.shape.BroadcastTo;
import org.jmoco.tensor.ops.shape.Cast;
import org.jmoco.tensor.ops.shape.Concat;
import org.jmoco.tensor.ops.shape.ConcatLeading;
import org.jmoco.tensor.ops.shape.GatherAlong;
import org.jmoco.tensor.ops.shape.GatherRows;
import org.jmoco.tensor.ops.shape.Pad;
import org.jmoco.tensor.ops.shape.Permute;
import org.jmoco.tensor.ops.shape.Reshape;
import org.jmoco.tensor.ops.shape.ScatterAddAlong;
import org.jmoco.tensor.ops.shape.ScatterAddRows;
import org.jmoco.tensor.ops.shape.Slice;
import org.jmoco.tensor.ops.shape.SliceLeading;
import org.jmoco.tensor.ops.shape.WriteSlice;
import org.jmoco.tensor.ops.update.MovingAverage;
import org.jmoco.tensor.ops.update.SgdUpdate;

/// An immutable handle on a value: its shape, its element type, and the node of the graph that computes it.
///
/// Methods add nodes; nothing is computed until a [Program] runs or [#toArray] asks for the numbers. Images are
/// `[n, h, w, c]`, features `[n, d]`.
public final class Tensor {
    private final Node node;

    private Tensor(Node node) {
        this.node = node;
    }

    // ---- where tensors come from ----

    static Tensor of(Node node) {
        return new Tensor(node);
    }

    /// A float constant, row-major.
    public static Tensor of(Shape shape, float... values) {
        requireCount(shape, values.length);
        return constant(shape, DType.F32, MemorySegment.ofArray(values));
    }

    /// A float vector.
    public static Tensor of(float... values) {
        return of(Shape.of(values.length), values);
    }

    /// An integer constant, row-major.
    public static Tensor of(Shape shape, int... values) {
        requireCount(shape, values.length);
        return constant(shape, DType.I32, MemorySegment.ofArray(values));
    }

    /// A constant of unsigned bytes, row-major.
    public static Tensor of(Shape shape, byte... values) {
        requireCount(shape, values.length);
        return constant(shape, DType.U8, MemorySegment.ofArray(values));
    }

    /// A float constant of rank 0.
    public static Tensor scalar(float value) {
        return of(Shape.scalar(), value);
    }

    public static Tensor zeros(Shape shape) {
        return scalar(0).broadcastTo(shape);
    }

    public static Tensor ones(Shape shape) {
        return scalar(1).broadcastTo(shape);
    }

    /// A constant copied from memory.
    static Tensor constant(Shape shape, DType dtype, MemorySegment values) {
        long bytes = shape.size() * dtype.bytes();
        MemorySegment copy = Arena.ofAuto().allocate(Math.max(1, bytes), 64);
        MemorySegment.copy(values, 0, copy, 0, bytes);
        return new Leaf.Constant(shape, dtype, new Leaf.Data(copy)).on();
    }

    private static void requireCount(Shape shape, int count) {
        if (shape.size() != count) {
            throw new ShapeException(
                    "a tensor " + shape + " has " + shape.size() + " elements, got " + count + " values");
        }
    }

    // ---- what is known without computing ----

    public Shape shape() {
        return node.shape();
    }

    public DType dtype() {
        return node.dtype();
    }

    /// The node that computes this value.
    public Node node() {
        return node;
    }

    // ---- the numbers ----

    /// The values, row-major. Outside a program this compiles (cached by structure) and runs what it needs on the
    /// current [Device].
    ///
    /// @throws IllegalStateException for a tensor of a program being traced: name it as an output and read it
    ///     after the run
    public float[] toArray() {
        if (dtype() != DType.F32) {
            throw new ShapeException(
                    "toArray() reads floats, this tensor is " + dtype() + "; use toIntArray() or cast(DType.F32)");
        }
        return read(memory -> memory.asSlice(0, node.bytes()).toArray(ValueLayout.JAVA_FLOAT));
    }

    /// As [#toArray], for integers.
    public int[] toIntArray() {
        if (dtype() != DType.I32) {
            throw new ShapeException("toIntArray() reads integers, this tensor is " + dtype());
        }
        return read(memory -> memory.asSlice(0, node.bytes()).toArray(ValueLayout.JAVA_INT));
    }

    /// As [#toArray], for one float.
    public float toScalar() {
        if (shape().size() != 1) {
            throw new ShapeException("toScalar() needs one element, this tensor has " + shape());
        }
        return toArray()[0];
    }

    /// Computes the value and has somebody read it.
    <T> T read(Function<MemorySegment, T> reader) {
        return node.op() instanceof Leaf.Constant c
                ? reader.apply(c.data().segment())
                : Device.current().evaluate(this, reader);
    }

    // ---- elementwise ----

    /// Sum with broadcasting.
    public Tensor add(Tensor other) {
        return new Add().on(this, other);
    }

    public Tensor add(float summand) {
        return add(scalar(summand));
    }

    /// Integers moved on around a ring: `(x + addend) mod modulus`.
    public Tensor addModulo(int addend, int modulus) {
        return new AddModulo(addend, modulus).on(this);
    }

    /// Quotient with broadcasting.
    public Tensor divide(Tensor other) {
        return new Divide().on(this, other);
    }

    public Tensor divide(float divisor) {
        return divide(scalar(divisor));
    }

    /// 1 where both are equal, else 0; of any one type, with broadcasting.
    public Tensor equalTo(Tensor other) {
        return new Compare(Compare.Relation.EQUAL).on(this, other);
    }

    /// `eˣ`.
    public Tensor exp() {
        return new Exp().on(this);
    }

    /// 1 where this is greater, else 0; of any one type, with broadcasting.
    public Tensor greater(Tensor other) {
        return new Compare(Compare.Relation.GREATER).on(this, other);
    }

    /// 1 where this is greater or equal, else 0; of any one type, with broadcasting.
    public Tensor greaterOrEqual(Tensor other) {
        return new Compare(Compare.Relation.GREATER_OR_EQUAL).on(this, other);
    }

    /// `ln x`.
    public Tensor log() {
        return new Log().on(this);
    }

    /// The larger one, with broadcasting.
    public Tensor maximum(Tensor other) {
        return new Maximum().on(this, other);
    }

    /// Product with broadcasting.
    public Tensor multiply(Tensor other) {
        return new Multiply().on(this, other);
    }

    public Tensor multiply(float factor) {
        return multiply(scalar(factor));
    }

    /// `−x`.
    public Tensor negate() {
        return multiply(-1);
    }

    /// Images of bytes, `[n, h, w, c]`, as floats `(x / 255 − mean) / std`; one mean and one standard deviation a
    /// channel.
    public Tensor normalizeImage(float[] mean, float[] std) {
        return NormalizeImage.of(mean, std).on(this);
    }

    /// As [#normalizeImage(float[], float[])], each image's colour shifted first by its row of `shift`, `[n, c]`,
    /// in units of the full range.
    public Tensor normalizeImage(float[] mean, float[] std, Tensor shift) {
        return NormalizeImage.of(mean, std).on(this, shift);
    }

    /// `max(x, 0)`.
    public Tensor relu() {
        return new Relu().on(this);
    }

    /// Each number rounded to bfloat16, as a float.
    public Tensor roundBf16() {
        return new RoundBf16().on(this);
    }

    /// `√x`.
    public Tensor sqrt() {
        return new Sqrt().on(this);
    }

    /// `x²`.
    public Tensor square() {
        return multiply(this);
    }

    /// Difference with broadcasting.
    public Tensor subtract(Tensor other) {
        return new Subtract().on(this, other);
    }

    public Tensor subtract(float subtrahend) {
        return subtract(scalar(subtrahend));
    }

    // ---- shape ----

    /// The same elements under another shape; one extent may be −1 and follows from the others.
    public Tensor reshape(int... dims) {
        int[] resolved = dims.clone();
        long known = 1;
        int open = -1;
        for (int a = 0; a < dims.length; a++) {
            if (dims[a] == -1 && open < 0) {
                open = a;
            } else {
                known *= dims[a];
            }
        }
        if (open >= 0) {
            if (known == 0 || shape().size() % known != 0) {
                throw new ShapeException("reshape: " + shape() + " cannot become " + Arrays.toString(dims));
            }
            resolved[open] = Math.toIntExact(shape().size() / known);
        }
        return reshape(Shape.of(resolved));
    }

    public Tensor reshape(Shape to) {
        return to.equals(shape()) ? this : new Reshape(to).on(this);
    }

    /// Repeats axes of extent 1 (and missing leading ones) until the shape is `to`.
    public Tensor broadcastTo(Shape to) {
        return to.equals(shape()) ? this : new BroadcastTo(to).on(this);
    }

    /// The elements as another type: floats towards zero, clamped to the new type's range; see [Cast].
    public Tensor cast(DType to) {
        return to == dtype() ? this : new Cast(to).on(this);
    }

    /// Tensors one after another along an axis; their other extents are equal.
    public static Tensor concat(int axis, Tensor... parts) {
        if (parts.length == 0) {
            throw new ShapeException("concat: expected at least one tensor");
        }
        int at = parts[0].shape().axis(axis);
        if (parts.length == 1) {
            return parts[0];
        }
        return (parts[0].shape().size(0, at) == 1 ? new ConcatLeading(at) : new Concat(at)).on(parts);
    }

    /// Elements picked along an axis, each line by its own `positions` (I32, of this shape but for that axis).
    public Tensor gatherAlong(int axis, Tensor positions) {
        return new GatherAlong(shape().axis(axis)).on(this, positions);
    }

    /// Rows picked by number: row i of the result is row `rows[i]` of this tensor. `rows` is `[m]` of I32.
    public Tensor gatherRows(Tensor rows) {
        return new GatherRows().on(this, rows);
    }

    /// `before` positions of zeros in front of an axis and `after` behind it.
    public Tensor pad(int axis, int before, int after) {
        return before == 0 && after == 0 ? this : new Pad(shape().axis(axis), before, after).on(this);
    }

    /// The axes in another order: axis `a` of the result is axis `axes[a]` of this tensor.
    public Tensor permute(int... axes) {
        return new Permute(Arrays.stream(axes).map(shape()::axis).boxed().toList()).on(this);
    }

    /// The inverse of [#gatherAlong]: each element is added at its position along an axis of `extent` zeros.
    public Tensor scatterAddAlong(int axis, Tensor positions, int extent) {
        return new ScatterAddAlong(shape().axis(axis), extent).on(this, positions);
    }

    /// The inverse of [#gatherRows]: row i of this tensor is added to row `rows[i]` of a tensor of `count` rows of
    /// zeros.
    public Tensor scatterAddRows(Tensor rows, int count) {
        return new ScatterAddRows(count).on(this, rows);
    }

    /// The `length` positions of an axis from `start` on.
    public Tensor slice(int axis, int start, int length) {
        int at = shape().axis(axis);
        if (start == 0 && length == shape().dim(at)) {
            return this;
        }
        return (shape().size(0, at) == 1 ? new SliceLeading(at, start, length) : new Slice(at, start, length)).on(this);
    }

    /// Rows and columns of a matrix exchanged.
    public Tensor transpose() {
        shape().requireRank(2, "transpose", "a matrix");
        return permute(1, 0);
    }

    /// This tensor with its rows from `offset` on (one I32, known when the program runs) replaced by `rows`.
    public Tensor writeSlice(Tensor rows, Tensor offset) {
        return new WriteSlice().on(this, rows, offset);
    }

    // ---- reductions ----

    /// The position of the largest element along one axis, which disappears, as I32; the first of equal ones. NaN
    /// counts as the largest.
    public Tensor argMax(int axis) {
        return new ArgMax(shape().axis(axis)).on(this);
    }

    /// The largest element; rank 0.
    public Tensor max() {
        return reshape(-1).max(0);
    }

    /// The largest element along one axis, which disappears. The gradient goes to the first of equal ones.
    public Tensor max(int axis) {
        return new Max(shape().axis(axis)).on(this);
    }

    /// Mean over all elements; rank 0. The mean of nothing is NaN.
    public Tensor mean() {
        return sum().divide(shape().size());
    }

    /// Mean over these axes, which disappear.
    public Tensor mean(int... axes) {
        long count = 1;
        for (int axis : axes) {
            count *= shape().dim(axis);
        }
        return sum(axes).divide(count);
    }

    /// Sum over all elements; rank 0.
    public Tensor sum() {
        return reshape(-1).sum(0);
    }

    /// Sum over one axis, which disappears.
    public Tensor sum(int axis) {
        return new Sum(shape().axis(axis)).on(this);
    }

    /// Sum over these axes, which disappear.
    public Tensor sum(int... axes) {
        return SumTo.over(this, axes);
    }

    /// Where the `k` largest elements of every row (along the last axis) stand, the largest first, as I32; of
    /// equal ones the one that stands first. Their values: [#gatherAlong]`(-1, positions)`.
    public Tensor topK(int k) {
        return new TopK(k).on(this);
    }

    // ---- linear algebra ----

    /// Matrix product `[m, k] · [k, n]`.
    public Tensor matmul(Tensor other) {
        return matmul(other, false, false);
    }

    /// Matrix product of two matrices, each transposed first if asked.
    public Tensor matmul(Tensor other, boolean transposeThis, boolean transposeOther) {
        return new MatMul(transposeThis, transposeOther).on(this, other);
    }

    // ---- normalisation ----

    /// Batch norm of features `[n, …, c]` with the statistics of each group of the batch.
    ///
    /// @param gamma scale, `[c]`   @param beta shift, `[c]`   @param epsilon added to the variance
    public BatchNormalized batchNorm(Tensor gamma, Tensor beta, BatchGroups groups, float epsilon) {
        Tensor statistics = new BatchNormStatistics(groups).on(this);
        return new BatchNormalized(new BatchNorm(groups, epsilon, false).on(this, gamma, beta, statistics), statistics);
    }

    /// Batch norm of features `[n, …, c]` with the statistics of all ranks of a batch, synchronised batch norm.
    ///
    /// @param groups contiguous, one a rank that is here   @param ranks where all of them are
    public BatchNormalized batchNorm(Tensor gamma, Tensor beta, BatchGroups groups, float epsilon, RankExchange ranks) {
        Tensor own = new BatchNormStatistics(groups).on(this);
        Tensor statistics = new AcrossRanks(AcrossRanks.Kind.STATISTICS, ranks).on(own);
        return new BatchNormalized(new BatchNorm(groups, epsilon, false).on(this, gamma, beta, statistics), statistics);
    }

    /// Batch norm of features `[n, …, c]` with fixed statistics, each `[c]`.
    public Tensor batchNormInference(Tensor gamma, Tensor beta, Tensor mean, Tensor variance, float epsilon) {
        return new BatchNormInference(epsilon, false).on(this, gamma, beta, mean, variance);
    }

    /// Every row of a matrix `[n, d]` scaled to unit Euclidean length; rows shorter than 1e-12 by 1e12.
    public Tensor l2Normalize() {
        return new L2Normalize(1e-12f).on(this);
    }

    // ---- random numbers ----

    /// Each element becomes 0 with this probability, in `[0, 1)`; the others are divided by `1 − probability`.
    ///
    /// @param state  of a [RandomState][org.jmoco.tensor.random.RandomState]
    /// @param stream which of its sequences is drawn from; no other op of the program should have the same one
    public Tensor dropout(float probability, Tensor state, int stream) {
        return new Dropout(probability, stream).on(this, state);
    }

    /// Dropout of whole channels of images `[n, h, w, c]`: PyTorch's `Dropout2d`. `state` and `stream` as in
    /// [#dropout].
    public Tensor channelDropout(float probability, Tensor state, int stream) {
        Shape x = shape().requireRank(4, "channelDropout", "images [n, h, w, c]");
        return multiply(ones(Shape.of(x.dim(0), 1, 1, x.dim(3))).dropout(probability, state, stream));
    }

    /// Standard normal floats; `state` and `stream` as in [#dropout].
    public static Tensor randomNormal(Shape shape, Tensor state, int stream) {
        return new RandomNormal(shape, stream).on(state);
    }

    /// Floats uniform in `[0, 1)`; `state` and `stream` as in [#dropout].
    public static Tensor randomUniform(Shape shape, Tensor state, int stream) {
        return new RandomUniform(shape, stream).on(state);
    }

    // ---- updates of state ----

    /// This average one step on: `momentum·this + (1 − momentum)·x`, see [MovingAverage].
    public Tensor movingAverage(Tensor x, double momentum) {
        return new MovingAverage(momentum).on(this, x);
    }

    /// This optimiser state, `[2s]` of parameters and momentum buffers, after one step of SGD with `gradients`
    /// `[s]`; see [SgdUpdate].
    public Tensor sgdUpdate(
            Tensor gradients, Tensor learningRate, float momentum, float weightDecay, boolean nesterov) {
        return new SgdUpdate(momentum, weightDecay, nesterov).on(this, gradients, learningRate);
    }

    // ---- images ----

    /// Convolution of images `[n, h, w, in]` with kernels `[kh, kw, in, out]`.
    public Tensor conv2d(Tensor weight, int stride, int padding) {
        return conv2d(weight, Conv2d.of(stride, padding));
    }

    /// Convolution with any stride, padding, dilation and groups.
    public Tensor conv2d(Tensor weight, Conv2d conv) {
        return conv.on(this, weight);
    }

    /// The largest value of each window of `kernel` × `kernel`.
    public Tensor maxPool2d(int kernel, int stride, int padding) {
        return new MaxPool2d(new Pooling(kernel, stride, padding)).on(this);
    }

    /// The mean of each window of `kernel` × `kernel`; zero padding counts.
    public Tensor avgPool2d(int kernel, int stride, int padding) {
        return new AvgPool2d(new Pooling(kernel, stride, padding)).on(this);
    }

    /// Means over a grid of windows that cover the image.
    public Tensor adaptiveAvgPool2d(int height, int width) {
        return new AdaptiveAvgPool2d(height, width).on(this);
    }

    /// The mean over all positions: `[n, h, w, c]` → `[n, c]`.
    public Tensor globalAvgPool() {
        return adaptiveAvgPool2d(1, 1).reshape(shape().dim(0), shape().dim(3));
    }

    /// Images of another size by bilinear interpolation.
    ///
    /// @param corners PyTorch's `align_corners`; see [ResizeBilinear]
    public Tensor resizeBilinear(int height, int width, boolean corners) {
        return new ResizeBilinear(height, width, corners).on(this);
    }

    /// Zeros right of and below each image of a padded batch; `extents` `[n, 2]` I32 holds heights and widths.
    public Tensor zeroOutside(Tensor extents) {
        return new ZeroOutside().on(this, extents);
    }

    // ---- losses ----

    /// Binary cross-entropy of each logit's sigmoid with its target, in nats; see [SigmoidCrossEntropy].
    public Tensor sigmoidCrossEntropy(Tensor targets) {
        return new SigmoidCrossEntropy().on(this, targets);
    }

    /// Cross-entropy of each row's softmax with its label, in nats: logits `[n, c]`, labels `[n]` → `[n]`.
    public Tensor softmaxCrossEntropy(Tensor labels) {
        return new SoftmaxCrossEntropy().on(this, labels);
    }

    // ---- differentiation ----

    /// This value as a constant of the differentiation.
    public Tensor stopGradient() {
        return new StopGradient().on(this);
    }

    @Override
    public String toString() {
        return node.toString();
    }
}
