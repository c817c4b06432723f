package org.jmoco.bench;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Graph;
import org.jmoco.tensor.Leaf;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.OpTest;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.StopGradient;
import org.jmoco.tensor.ops.conv.Conv2d;
import org.jmoco.tensor.ops.conv.Conv2dInputGradient;
import org.jmoco.tensor.ops.conv.Conv2dWeightGradient;
import org.jmoco.tensor.ops.elementwise.Add;
import org.jmoco.tensor.ops.elementwise.AddModulo;
import org.jmoco.tensor.ops.elementwise.AddReluGradient;
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
import org.jmoco.tensor.ops.norm.BatchGroups;
import org.jmoco.tensor.ops.norm.BatchNorm;
import org.jmoco.tensor.ops.norm.BatchNormInference;
import org.jmoco.tensor.ops.norm.BatchNormStatistics;
import org.jmoco.tensor.ops.norm.L2Normalize;
import org.jmoco.tensor.ops.pool.AdaptiveAvgPool2d;
import org.jmoco.tensor.ops.pool.AvgPool2d;
import org.jmoco.tensor.ops.pool.MaxPool2d;
import org.jmoco.tensor.ops.pool.Pooling;
import org.jmoco.tensor.ops.random.Dropout;
import org.jmoco.tensor.ops.random.RandomUniform;
import org.jmoco.tensor.ops.reduce.ArgMax;
import org.jmoco.tensor.ops.reduce.Max;
import org.jmoco.tensor.ops.reduce.Sum;
import org.jmoco.tensor.ops.reduce.TopK;
import org.jmoco.tensor.ops.shape.BroadcastTo;
import org.jmoco.tensor.ops.shape.Cast;
import org.jmoco.tensor.ops.shape.Concat;
import org.jmoco.tensor.ops.shape.ConcatLeading;
import org.jmoco.tensor.ops.shape.Copy;
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
import org.jmoco.tensor.ops.update.Pack;
import org.jmoco.tensor.ops.update.SgdUpdate;
import org.jmoco.tensor.reference.Reference;

/// A case of the conformance suite in LibTorch: its value op by op, its gradients by LibTorch's autograd, so that
/// no gradient rule of ours takes part.
///
/// Integers and bytes are LibTorch's `Long`; images stay NHWC and are permuted for LibTorch's operators.
final class TorchGraph {
    private final ScalarType type;
    private final Map<Node, Tensor> values = new HashMap<>();

    private TorchGraph(ScalarType type) {
        this.type = type;
    }

    /// Whether LibTorch computes this op by an operator of its own.
    static boolean knows(Op op) {
        return switch (op) {
            case Add _,
                    AddModulo _,
                    AddReluGradient _,
                    Compare _,
                    Divide _,
                    Exp _,
                    Log _,
                    Maximum _,
                    Multiply _,
                    NormalizeImage _,
                    Relu _,
                    RoundBf16 _,
                    Sqrt _,
                    Subtract _ -> true;
            case Conv2d _,
                    MatMul _,
                    SigmoidCrossEntropy _,
                    SoftmaxCrossEntropy _,
                    BatchNorm _,
                    BatchNormInference _,
                    BatchNormStatistics _,
                    L2Normalize _ -> true;
            case AdaptiveAvgPool2d _, AvgPool2d _, MaxPool2d _, Dropout _, ArgMax _, Max _, Sum _, TopK _ -> true;
            case ResizeBilinear _, ZeroOutside _ -> true;
            case BroadcastTo _,
                    Cast _,
                    Concat _,
                    ConcatLeading _,
                    Copy _,
                    GatherAlong _,
                    GatherRows _,
                    Pad _,
                    Permute _,
                    Reshape _ -> true;
            case ScatterAddAlong _,
                    ScatterAddRows _,
                    Slice _,
                    SliceLeading _,
                    WriteSlice _,
                    MovingAverage _,
                    Pack _,
                    SgdUpdate _ -> true;
            default -> false;
        };
    }

    /// The nodes that the value of a case needs.
    static List<Node> forward(OpTest.Traced traced) {
        Graph graph = traced.graph();
        return Graph.of(
                        graph.name(),
                        graph.inputs(),
                        Map.of("value", graph.outputs().get("value")),
                        Map.of())
                .nodes();
    }

    /// The outputs of a case, `value` and `gradient0`, …, in LibTorch.
    ///
    /// @param type float or double
    static Map<String, double[]> run(OpTest.Traced traced, ScalarType type) {
        try (PointerScope _ = new PointerScope()) {
            return new TorchGraph(type).outputs(traced);
        }
    }

    private Map<String, double[]> outputs(OpTest.Traced traced) {
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        traced.graph().inputs().forEach((label, node) -> {
            Tensor t = tensor(node.shape(), node.dtype(), traced.inputs().get(label));
            inputs.put(
                    label,
                    traced.graph().outputs().containsKey(label.replace("in", "gradient"))
                            ? t.set_requires_grad(true)
                            : t);
        });
        for (Node n : forward(traced)) {
            values.put(n, n.op() instanceof Leaf.Input in ? inputs.get(in.label()) : compute(n));
        }
        Tensor value = values.get(traced.graph().outputs().get("value"));
        Map<String, double[]> outputs = new LinkedHashMap<>();
        outputs.put("value", doubles(value));
        if (inputs.containsKey("weights") && value.requires_grad()) {
            value.mul(inputs.get("weights")).sum().backward();
        }
        inputs.forEach((label, t) -> {
            if (t.requires_grad()) {
                outputs.put(
                        label.replace("in", "gradient"),
                        t.grad().defined() ? doubles(t.grad()) : new double[Math.toIntExact(t.numel())]);
            }
        });
        return outputs;
    }

    private Tensor tensor(Shape shape, DType dtype, double... elements) {
        long[] dims = longs(shape);
        Tensor t = elements.length == 0 ? torch.zeros(dims) : Tensor.create(elements, dims);
        return t.to(dtype == DType.F32 ? type : ScalarType.Long);
    }

    private static double[] doubles(Tensor t) {
        return t.numel() == 0 ? new double[0] : Torch.doubles(t);
    }

    private static long[] longs(Shape shape) {
        return Arrays.stream(shape.dims()).asLongStream().toArray();
    }

    private Tensor compute(Node n) {
        Tensor[] in = n.inputs().stream().map(values::get).toArray(Tensor[]::new);
        return switch (n.op()) {
            case Leaf.Constant c -> constant(c);
            case Add _ -> in[0].add(in[1]);
            case Subtract _ -> in[0].sub(in[1]);
            case Multiply _ -> in[0].mul(in[1]);
            case Divide _ -> in[0].div(in[1]);
            case Maximum _ -> torch.maximum(in[0], in[1]);
            case Exp _ -> torch.exp(in[0]);
            case Log _ -> torch.log(in[0]);
            case Sqrt _ -> torch.sqrt(in[0]);
            case Relu _ -> torch.relu(in[0]);
            case RoundBf16 _ -> in[0].to(ScalarType.BFloat16).to(type);
            case AddReluGradient _ ->
                in[0].add(in[1]).mul(in[2].gt(new Scalar(0)).to(type));
            case AddModulo op -> in[0].add(new Scalar((long) op.addend())).remainder(new Scalar((long) op.modulus()));
            case Compare op ->
                (switch (op.relation()) {
                            case EQUAL -> in[0].eq(in[1]);
                            case GREATER -> in[0].gt(in[1]);
                            case GREATER_OR_EQUAL -> in[0].ge(in[1]);
                        })
                        .to(type);
            case NormalizeImage op -> normalizeImage(op, in);
            case Conv2d op ->
                nhwc(torch.conv2d(
                        nchw(in[0]),
                        in[1].permute(3, 2, 0, 1),
                        in.length > 2 ? new TensorOptional(in[2]) : new TensorOptional(),
                        new long[] {op.strideH(), op.strideW()},
                        new long[] {op.paddingH(), op.paddingW()},
                        new long[] {op.dilationH(), op.dilationW()},
                        op.groups()));
            case Conv2dInputGradient op -> convolutionGradient(op.conv(), in[0], zeros(n), in[1], true);
            case Conv2dWeightGradient op -> convolutionGradient(op.conv(), in[1], in[0], zeros(n), false);
            case MatMul op -> {
                Tensor a = op.transposeA() ? in[0].t() : in[0];
                Tensor b = op.transposeB() ? in[1].t() : in[1];
                yield in.length > 2 ? torch.addmm(in[2], a, b) : torch.mm(a, b);
            }
            case SoftmaxCrossEntropy _ -> torch.cross_entropy_loss(in[0], in[1], new TensorOptional(), 0, -100, 0);
            case SigmoidCrossEntropy _ ->
                torch.binary_cross_entropy_with_logits(in[0], in[1], new TensorOptional(), new TensorOptional(), 0);
            case ResizeBilinear op ->
                nhwc(torch.upsample_bilinear2d(nchw(in[0]), new long[] {op.height(), op.width()}, op.corners()));
            case ZeroOutside _ -> in[0].mul(inside(n.shape(), in[1]));
            case BatchNormStatistics op -> statistics(op.groups(), in[0]);
            case BatchNorm op -> batchNorm(op, in);
            case BatchNormInference op -> {
                Tensor y = nhwcLike(torch.batch_norm(
                        channelsSecond(in[0]),
                        new TensorOptional(in[1]),
                        new TensorOptional(in[2]),
                        new TensorOptional(in[3]),
                        new TensorOptional(in[4]),
                        false,
                        0,
                        op.epsilon(),
                        false));
                y = in.length > 5 ? y.add(in[5]) : y;
                yield op.relu() ? y.relu() : y;
            }
            case L2Normalize op ->
                in[0].div(torch.clamp_min(
                        in[0].norm(new ScalarOptional(new Scalar(2.0)), new long[] {1}, true),
                        new Scalar((double) op.epsilon())));
            case MaxPool2d op -> {
                Pooling w = op.window();
                yield nhwc(torch.max_pool2d(
                        nchw(in[0]), square(w.kernel()), square(w.stride()), square(w.padding()), square(1), false));
            }
            case AvgPool2d op -> {
                Pooling w = op.window();
                yield nhwc(torch.avg_pool2d(
                        nchw(in[0]),
                        square(w.kernel()),
                        square(w.stride()),
                        square(w.padding()),
                        false,
                        true,
                        new LongOptional()));
            }
            case AdaptiveAvgPool2d op -> nhwc(torch.adaptive_avg_pool2d(nchw(in[0]), op.height(), op.width()));
            case Dropout op ->
                in[0].mul(uniform(op, n)
                                .ge(new Scalar((double) op.probability()))
                                .to(type))
                        .div(new Scalar(1 - (double) op.probability()));
            case Sum op -> in[0].sum(new long[] {op.axis()}, false, new ScalarTypeOptional());
            case Max op ->
                in[0].numel() == 0
                        ? torch.zeros(longs(n.shape())).to(type)
                        : torch.max(in[0], op.axis(), false).get0();
            case ArgMax op -> torch.argmax(in[0], new LongOptional(op.axis()), false);
            case TopK op ->
                torch.sort(in[0], new BoolOptional(true), -1, true).get1().narrow(-1, 0, op.k());
            case BroadcastTo op -> in[0].expand(longs(op.to()));
            case Reshape op -> in[0].reshape(longs(op.to()));
            case StopGradient _ -> in[0].detach();
            case Copy _ -> in[0].clone();
            case Cast op -> cast(op.to(), n.input(0).dtype(), in[0]);
            case Concat op -> torch.cat(new TensorVector(in), op.axis());
            case ConcatLeading op -> torch.cat(new TensorVector(in), op.axis());
            case Permute op ->
                in[0].permute(op.axes().stream().mapToLong(a -> a).toArray());
            case Slice op -> in[0].narrow(op.axis(), op.start(), op.length());
            case SliceLeading op -> in[0].narrow(op.axis(), op.start(), op.length());
            case Pad op -> {
                long[] sides = new long[2 * (n.shape().rank() - op.axis())];
                sides[sides.length - 2] = op.before();
                sides[sides.length - 1] = op.after();
                yield torch.constant_pad_nd(in[0], sides);
            }
            case GatherRows _ -> torch.index_select(in[0], 0, in[1]);
            case GatherAlong op -> torch.gather(in[0], op.axis(), in[1]);
            case ScatterAddRows _ -> zeros(n).index_add(0, in[1], in[0]);
            case ScatterAddAlong op -> zeros(n).scatter_add(op.axis(), in[1], in[0]);
            case WriteSlice _ -> {
                Tensor whole = in[0].clone();
                whole.narrow(0, (long) doubles(in[2])[0], in[1].size(0)).copy_(in[1]);
                yield whole;
            }
            case MovingAverage op -> in[0].mul(new Scalar(op.momentum())).add(in[1].mul(new Scalar(1 - op.momentum())));
            case Pack op -> {
                Tensor packed = torch.zeros((long) op.size()).to(type);
                for (int i = 0; i < in.length; i++) {
                    packed.narrow(0, op.offsets().get(i), in[i].numel()).copy_(in[i].reshape(-1));
                }
                yield packed;
            }
            case SgdUpdate op -> sgd(op, in);
            default -> throw new IllegalStateException("LibTorch has nothing for " + n.op());
        };
    }

    /// 1 at positions inside of each image, else 0: `[n, h, w, 1]`.
    private Tensor inside(Shape images, Tensor extents) {
        Tensor rows = torch.arange(new Scalar(images.dim(1))).reshape(1, images.dim(1), 1);
        Tensor columns = torch.arange(new Scalar(images.dim(2))).reshape(1, 1, images.dim(2));
        Tensor heights = extents.select(1, 0).reshape(images.dim(0), 1, 1);
        Tensor widths = extents.select(1, 1).reshape(images.dim(0), 1, 1);
        return rows.lt(heights).logical_and(columns.lt(widths)).to(type).unsqueeze(3);
    }

    private Tensor constant(Leaf.Constant c) {
        MemorySegment segment = c.data().segment();
        return tensor(
                c.shape(),
                c.dtype(),
                Reference.doubles(segment, c.dtype(), Math.toIntExact(c.shape().size())));
    }

    private Tensor zeros(Node n) {
        return torch.zeros(longs(n.shape())).to(type);
    }

    private static long[] square(long side) {
        return new long[] {side, side};
    }

    private static Tensor nchw(Tensor x) {
        return x.permute(0, 3, 1, 2);
    }

    private static Tensor nhwc(Tensor x) {
        return x.permute(0, 2, 3, 1);
    }

    private static Tensor channelsSecond(Tensor x) {
        return x.dim() == 4 ? nchw(x) : x;
    }

    private static Tensor nhwcLike(Tensor x) {
        return x.dim() == 4 ? nhwc(x) : x;
    }

    /// `ToTensor`, the shift, `Normalize`.
    private Tensor normalizeImage(NormalizeImage op, Tensor... in) {
        Tensor x = in[0].to(type).div(new Scalar(255.0));
        if (in.length > 1) {
            x = x.add(in[1].reshape(in[1].size(0), 1, 1, in[1].size(1)));
        }
        return x.sub(row(op.mean())).div(row(op.std()));
    }

    private Tensor row(List<Float> channels) {
        return tensor(
                Shape.of(channels.size()),
                DType.F32,
                channels.stream().mapToDouble(c -> c).toArray());
    }

    /// The mask's numbers are ours: LibTorch has another generator.
    private Tensor uniform(Dropout op, Node n) {
        RandomUniform draw = new RandomUniform(n.shape(), op.stream());
        return tensor(
                n.shape(),
                DType.F32,
                Reference.compute(draw, Node.of(draw, List.of(n.input(1))), doubles(values.get(n.input(1)))));
    }

    private static Tensor cast(DType to, DType from, Tensor x, ScalarType floats) {
        return switch (to) {
            case F32 -> x.to(floats);
            case I32 -> x.to(ScalarType.Long);
            case U8 ->
                (from == DType.F32 ? x.trunc() : x)
                        .clamp(new ScalarOptional(new Scalar(0)), new ScalarOptional(new Scalar(255)))
                        .to(ScalarType.Long);
        };
    }

    private Tensor cast(DType to, DType from, Tensor x) {
        return cast(to, from, x, type);
    }

    private static Tensor group(BatchGroups groups, Tensor x, int g) {
        long each = x.size(0) / groups.count();
        return groups.order() == BatchGroups.Order.CONTIGUOUS
                ? x.narrow(0, g * each, each)
                : x.unflatten(0, each, groups.count()).select(1, g);
    }

    /// One result a group, put together as the batch was.
    private static Tensor byGroup(BatchGroups groups, Tensor x, IntFunction<Tensor> result) {
        TensorVector parts = new TensorVector(
                IntStream.range(0, groups.count()).mapToObj(result).toArray(Tensor[]::new));
        return groups.order() == BatchGroups.Order.CONTIGUOUS
                ? torch.cat(parts, 0)
                : torch.stack(parts, 1).flatten(0, 1);
    }

    private static Tensor statistics(BatchGroups groups, Tensor x) {
        List<Tensor> means = new ArrayList<>();
        List<Tensor> variances = new ArrayList<>();
        for (int g = 0; g < groups.count(); g++) {
            T_TensorTensor_T both =
                    torch.var_mean(group(groups, x, g).flatten(0, x.dim() - 2), new long[] {0}, false, false);
            variances.add(both.get0());
            means.add(both.get1());
        }
        return torch.stack(new TensorVector(
                torch.stack(new TensorVector(means.toArray(Tensor[]::new))),
                torch.stack(new TensorVector(variances.toArray(Tensor[]::new)))));
    }

    /// LibTorch takes the statistics itself, and differentiates through them.
    private static Tensor batchNorm(BatchNorm op, Tensor... in) {
        Tensor y = byGroup(
                op.groups(),
                in[0],
                g -> nhwcLike(torch.batch_norm(
                        channelsSecond(group(op.groups(), in[0], g)),
                        new TensorOptional(in[1]),
                        new TensorOptional(in[2]),
                        new TensorOptional(),
                        new TensorOptional(),
                        true,
                        0,
                        op.epsilon(),
                        false)));
        y = in.length > 4 ? y.add(in[4]) : y;
        return op.relu() ? y.relu() : y;
    }

    /// As `torch.optim.SGD` has it.
    /// The state is parameters, then momenta; those without a gradient stay what they were.
    private static Tensor sgd(SgdUpdate op, Tensor... in) {
        Tensor state = in[0];
        long all = state.numel() / 2;
        long size = in[1].numel();
        long first = Math.max(0, op.from());
        Tensor p = state.narrow(0, first, size);
        Tensor g = in[1].div(new Scalar((long) op.parts())).add(p, new Scalar((double) op.weightDecay()));
        Tensor v = state.narrow(0, all + first, size)
                .mul(new Scalar((double) op.momentum()))
                .add(g);
        Tensor step = op.nesterov() ? g.add(v, new Scalar((double) op.momentum())) : v;
        long behind = first + size;
        return torch.cat(
                new TensorVector(
                        state.narrow(0, 0, first),
                        p.sub(in[2].mul(step)),
                        state.narrow(0, behind, all + first - behind),
                        v,
                        state.narrow(0, all + behind, all - behind)),
                0);
    }

    /// The gradient of a convolution's images, or of its weights.
    private static Tensor convolutionGradient(Conv2d op, Tensor dy, Tensor x, Tensor weights, boolean ofImages) {
        BoolPointer wanted =
                new BoolPointer(3).put(0, ofImages).put(1, !ofImages).put(2, false);
        T_TensorTensorTensor_T gradients = torch.convolution_backward(
                nchw(dy),
                nchw(x),
                weights.permute(3, 2, 0, 1),
                new long[] {},
                new long[] {op.strideH(), op.strideW()},
                new long[] {op.paddingH(), op.paddingW()},
                new long[] {op.dilationH(), op.dilationW()},
                false,
                new long[] {0, 0},
                op.groups(),
                wanted);
        return ofImages ? nhwc(gradients.get0()) : gradients.get1().permute(2, 3, 1, 0);
    }
}
