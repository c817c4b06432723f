package org.jmoco.bench;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Shape;

/// The product of two square float matrices.
final class SgemmBench implements Benchmark {
    @Override
    public String title(Settings s) {
        return "product of two float matrices of " + s.size + " × " + s.size;
    }

    @Override
    public List<Row> rows(Settings s) {
        return List.of(new Row("product", "", 2.0 * s.size * s.size * s.size));
    }

    @Override
    public double warmUpSeconds() {
        return 4;
    }

    @Override
    public List<Double> tolerances() {
        return List.of(1e-5);
    }

    @Override
    public List<String> variants() {
        return List.of("");
    }

    @Override
    public Side ours(Settings s) {
        Shape shape = Shape.of(s.size, s.size);
        Program product =
                Program.trace("sgemm", p -> p.output("c", p.input("a", shape).matmul(p.input("b", shape))));
        Compiled compiled = Device.jvm(s.threads).compile(product);
        compiled.feed("a", Data.normals(s.size * s.size, 1)).feed("b", Data.normals(s.size * s.size, 2));
        return new Side() {
            @Override
            public List<float[]> check(int row) {
                return List.of(Data.sample(compiled.run().floats("c")));
            }

            @Override
            public void run(int row) {
                compiled.run();
            }
        };
    }

    @Override
    public Side peer(Settings s, String variant) {
        Torch.threads(s.threads);
        Tensor a = Tensor.create(Data.normals(s.size * s.size, 1), s.size, s.size);
        Tensor b = Tensor.create(Data.normals(s.size * s.size, 2), s.size, s.size);
        Tensor c = torch.empty(s.size, s.size);
        return new Side() {
            @Override
            public List<float[]> check(int row) {
                run(row);
                return List.of(Data.sample(Torch.floats(c)));
            }

            @Override
            public void run(int row) {
                torch.mm_out(c, a, b);
            }
        };
    }
}
