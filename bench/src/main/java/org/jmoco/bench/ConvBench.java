package org.jmoco.bench;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ops.conv.Conv2d;
import org.jmoco.tensor.ops.conv.Conv2dInputGradient;
import org.jmoco.tensor.ops.conv.Conv2dWeightGradient;

/// The 23 different convolutions of ResNet-50 on images of 224×224: forward, gradient of the input (not of the
/// stem, which nobody wants), gradient of the weights.
final class ConvBench implements Benchmark {
    private static final int BATCH = 8;

    /// Pixels a side, channels in and out, kernel size, stride.
    private static final int[][] SHAPES = {
        {224, 3, 64, 7, 2},
        {56, 64, 64, 1, 1},
        {56, 64, 64, 3, 1},
        {56, 64, 256, 1, 1},
        {56, 256, 64, 1, 1},
        {56, 256, 128, 1, 1},
        {56, 128, 128, 3, 2},
        {56, 256, 512, 1, 2},
        {28, 128, 512, 1, 1},
        {28, 512, 128, 1, 1},
        {28, 128, 128, 3, 1},
        {28, 512, 256, 1, 1},
        {28, 256, 256, 3, 2},
        {28, 512, 1024, 1, 2},
        {14, 256, 1024, 1, 1},
        {14, 1024, 256, 1, 1},
        {14, 256, 256, 3, 1},
        {14, 1024, 512, 1, 1},
        {14, 512, 512, 3, 2},
        {14, 1024, 2048, 1, 2},
        {7, 512, 2048, 1, 1},
        {7, 2048, 512, 1, 1},
        {7, 512, 512, 3, 1},
    };

    private enum Pass {
        FORWARD("forward"),
        INPUT_GRADIENT("input gradient"),
        WEIGHT_GRADIENT("weight gradient");

        private final String title;

        Pass(String title) {
            this.title = title;
        }
    }

    /// One thing to time.
    private record Work(Shape x, Shape weight, Shape y, Conv2d op, Pass pass) {
        String shape() {
            return String.format(
                    "%d×%d, %d → %d%s at %d",
                    weight.dim(0),
                    weight.dim(0),
                    x.dim(3),
                    y.dim(3),
                    op.strideH() == 1 ? "" : ", stride " + op.strideH(),
                    x.dim(1));
        }

        /// The two operands as the pass wants them.
        float[][] operands() {
            float[] images = Data.normals((int) x.size(), 1);
            float[] kernels = Data.normals((int) weight.size(), 2);
            return switch (pass) {
                case FORWARD -> new float[][] {images, kernels};
                case INPUT_GRADIENT -> new float[][] {Data.normals((int) y.size(), 3), kernels};
                case WEIGHT_GRADIENT -> new float[][] {images, Data.normals((int) y.size(), 3)};
            };
        }
    }

    private static List<Work> works(Settings s) {
        List<Work> all = new ArrayList<>();
        for (int[] c : SHAPES) {
            Shape x = Shape.of(s.batchOr(BATCH), c[0], c[0], c[1]);
            Shape weight = Shape.of(c[3], c[3], c[1], c[2]);
            Conv2d op = Conv2d.of(c[4], c[3] / 2);
            for (Pass pass : Pass.values()) {
                if (pass != Pass.INPUT_GRADIENT || c[1] > 3) {
                    all.add(new Work(x, weight, op.shapeOf(x, weight), op, pass));
                }
            }
        }
        return all;
    }

    @Override
    public String title(Settings s) {
        return "the convolutions of ResNet-50 at 224, batch " + s.batchOr(BATCH);
    }

    @Override
    public List<Row> rows(Settings s) {
        return works(s).stream()
                .map(w -> new Row(w.shape(), w.pass().title, w.op().flops(w.y(), w.x(), w.weight())))
                .toList();
    }

    @Override
    public double warmUpSeconds() {
        return 1;
    }

    @Override
    public List<Double> tolerances() {
        return List.of(1e-4);
    }

    @Override
    public Side ours(Settings s) {
        return new Ours(works(s), Device.jvm(s.threads));
    }

    private static final class Ours implements Side {
        private final List<Work> works;
        private final Device device;
        private Compiled compiled;

        Ours(List<Work> works, Device device) {
            this.works = works;
            this.device = device;
        }

        /// A row's program replaces that of the row before, whose memory a collection gives back: else that of all
        /// rows adds up to 5 GB.
        @Override
        public List<float[]> check(int row) {
            Work w = works.get(row);
            Program program = Program.trace(
                    "convolution",
                    p -> p.output(
                            "result",
                            switch (w.pass()) {
                                case FORWARD -> w.op().on(p.input("a", w.x()), p.input("b", w.weight()));
                                case INPUT_GRADIENT ->
                                    new Conv2dInputGradient(w.op(), w.x())
                                            .on(p.input("a", w.y()), p.input("b", w.weight()));
                                case WEIGHT_GRADIENT ->
                                    new Conv2dWeightGradient(w.op(), w.weight())
                                            .on(p.input("a", w.x()), p.input("b", w.y()));
                            }));
            float[][] operands = w.operands();
            compiled = device.compile(program).feed("a", operands[0]).feed("b", operands[1]);
            System.gc();
            return List.of(Data.sample(compiled.run().floats("result")));
        }

        @Override
        public void run(int row) {
            compiled.run();
        }
    }

    @Override
    public Side peer(Settings s, String variant) {
        Torch.threads(s.threads);
        return new Peer(works(s), Torch.format(variant));
    }

    private static final class Peer implements Side {
        private final List<Work> works;
        private final MemoryFormat format;
        private Tensor x;
        private Tensor weight;
        private Tensor dy;

        Peer(List<Work> works, MemoryFormat format) {
            this.works = works;
            this.format = format;
        }

        @Override
        public List<float[]> check(int row) {
            Work w = works.get(row);
            float[][] operands = w.operands();
            x = images(w.pass() == Pass.INPUT_GRADIENT ? new float[(int) w.x().size()] : operands[0], w.x());
            weight = kernels(
                    w.pass() == Pass.WEIGHT_GRADIENT
                            ? new float[(int) w.weight().size()]
                            : operands[1],
                    w.weight());
            dy = w.pass() == Pass.FORWARD
                    ? null
                    : images(w.pass() == Pass.INPUT_GRADIENT ? operands[0] : operands[1], w.y());
            try (PointerScope _ = new PointerScope()) {
                long[] order = w.pass() == Pass.WEIGHT_GRADIENT ? new long[] {2, 3, 1, 0} : new long[] {0, 2, 3, 1};
                return List.of(Data.sample(Torch.floats(result(w).permute(order))));
            }
        }

        @Override
        public void run(int row) {
            try (PointerScope _ = new PointerScope()) {
                result(works.get(row));
            }
        }

        private Tensor result(Work w) {
            long[] stride = {w.op().strideH(), w.op().strideW()};
            long[] padding = {w.op().paddingH(), w.op().paddingW()};
            long[] dilation = {1, 1};
            if (w.pass() == Pass.FORWARD) {
                return torch.conv2d(x, weight, new TensorOptional(), stride, padding, dilation, 1);
            }
            BoolPointer wanted = new BoolPointer(3)
                    .put(0, w.pass() == Pass.INPUT_GRADIENT)
                    .put(1, w.pass() == Pass.WEIGHT_GRADIENT)
                    .put(2, false);
            T_TensorTensorTensor_T gradients = torch.convolution_backward(
                    dy, x, weight, new long[] {}, stride, padding, dilation, false, new long[] {0, 0}, 1, wanted);
            return w.pass() == Pass.INPUT_GRADIENT ? gradients.get0() : gradients.get1();
        }

        private Tensor images(float[] nhwc, Shape s) {
            return Tensor.create(nhwc, s.dim(0), s.dim(1), s.dim(2), s.dim(3))
                    .permute(0, 3, 1, 2)
                    .contiguous(format);
        }

        private Tensor kernels(float[] hwio, Shape s) {
            return Tensor.create(hwio, s.dim(0), s.dim(1), s.dim(2), s.dim(3))
                    .permute(3, 2, 0, 1)
                    .contiguous(format);
        }
    }
}
