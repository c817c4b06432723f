package org.jmoco.nn;

import static org.jmoco.nn.Close.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Gradients;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.Variable;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.SafeTensors;
import org.jmoco.tensor.ops.norm.BatchGroups;
import org.junit.jupiter.api.Test;

/// Against PyTorch in float64, see `make_batchnorm.py`: 6 images of 3×4 with 5 channels, 3 groups.
class BatchNorm2dTest {
    private static final Shape IMAGES = Shape.of(6, 3, 4, 5);
    private static final double BOUND = 1e-6;
    private static final SafeTensors FIXTURE = Fixtures.tensors("batchnorm.safetensors");

    @Test
    void wholeBatch() {
        trains("whole", BatchGroups.WHOLE);
    }

    @Test
    void ranksKeepTheStatisticsOfTheFirst() {
        trains("ranks", BatchGroups.contiguous(3));
    }

    @Test
    void splitsKeepTheMeanOfTheirStatistics() {
        trains("splits", BatchGroups.interleaved(3));
    }

    @Test
    void aSynchronisedLayerTakesTheWholeBatchWhateverTheRanks() {
        trains("whole", BatchGroups.contiguous(3), start(BatchNorm2d.synchronised(5)));
        trains("whole", BatchGroups.interleaved(3), start(BatchNorm2d.synchronised(5)));
    }

    @Test
    void aFrozenLayerIsTheSameInEveryModeAndTrainsNothing() {
        FrozenBatchNorm2d bn = start(new FrozenBatchNorm2d(5));
        assertEquals(List.of(), bn.parameters());
        assertEquals(start().named().keySet(), bn.namedBuffers().keySet());
        Compiled step = Device.current().compile(Program.trace("frozen", p -> {
            Tensor x = p.input("x", IMAGES);
            Tensor y = bn.forward(x, Mode.train(BatchGroups.contiguous(3)));
            p.output("y", y);
            p.output("dx", Gradients.of(y.sum(), x).getFirst());
        }));
        step.feed("x", floats("x")).run();
        assertClose(FIXTURE.get("evaluate.y").toDoubleArray(), step.floats("y"), BOUND, "y");
        double[] slope = new double[(int) IMAGES.size()];
        for (int i = 0; i < slope.length; i++) {
            slope[i] = FIXTURE.get("weight").doubleAt(i % 5)
                    / Math.sqrt(FIXTURE.get("running_var").doubleAt(i % 5) + 1e-5);
        }
        assertClose(slope, step.floats("dx"), BOUND, "dx");
        assertArrayEquals(floats("running_mean"), bn.named().get("running_mean").toArray());
    }

    private static void trains(String form, BatchGroups groups) {
        trains(form, groups, start());
    }

    private static void trains(String form, BatchGroups groups, BatchNorm2d bn) {
        Map<String, Variable> own = bn.named();
        Compiled step = Device.current().compile(Program.trace(form, p -> {
            Tensor x = p.input("x", IMAGES);
            Tensor y = bn.forward(x, Mode.train(groups));
            Tensor loss = y.multiply(p.input("dy", IMAGES)).sum();
            p.output("y", y);
            p.output("dx", Gradients.of(loss, x).getFirst());
            List<Tensor> parameters = Gradients.of(loss, bn.parameters());
            p.output("dweight", parameters.get(0));
            p.output("dbias", parameters.get(1));
        }));
        step.feed("x", floats("x")).feed("dy", floats("dy")).run();
        for (String label : List.of("y", "dx", "dweight", "dbias")) {
            assertClose(FIXTURE.get(form + "." + label).toDoubleArray(), step.floats(label), BOUND, form + " " + label);
        }
        for (String buffer : List.of("running_mean", "running_var")) {
            assertClose(
                    FIXTURE.get(form + "." + buffer).toDoubleArray(),
                    own.get(buffer).toArray(),
                    BOUND,
                    form + " " + buffer);
        }
    }

    @Test
    void evaluationTakesTheRunningStatisticsAndLeavesThem() {
        BatchNorm2d bn = start();
        Compiled evaluate = Device.current()
                .compile(Program.trace(
                        "evaluate", p -> p.output("y", bn.forward(p.input("x", IMAGES), Mode.EVALUATE))));
        evaluate.feed("x", floats("x")).run();
        assertClose(FIXTURE.get("evaluate.y").toDoubleArray(), evaluate.floats("y"), BOUND, "evaluate");
        assertArrayEquals(floats("running_mean"), bn.named().get("running_mean").toArray());
    }

    @Test
    void statisticsAreLeftWhenOthersAreKept() {
        BatchNorm2d bn = start();
        Program program = Program.trace(
                "rank 1",
                p -> p.output("y", bn.forward(p.input("x", IMAGES), new Mode.Train(BatchGroups.WHOLE, false))));
        Compiled step = Device.current().compile(program).feed("x", floats("x")).run();
        assertClose(FIXTURE.get("whole.y").toDoubleArray(), step.floats("y"), BOUND, "y");
        assertArrayEquals(floats("running_var"), bn.named().get("running_var").toArray());
    }

    @Test
    void withoutAffineOnlyNormalises() {
        BatchNorm2d bn = BatchNorm2d.withoutAffine(5);
        bn.initialize(0);
        assertEquals(
                List.of("running_mean", "running_var"), List.copyOf(bn.named().keySet()));
        Compiled step = Device.current()
                .compile(Program.trace("plain", p -> p.output("y", bn.forward(p.input("x", IMAGES), Mode.TRAIN))));
        float[] y = step.feed("x", floats("x")).run().floats("y");
        for (int c = 0; c < 5; c++) {
            double sum = 0;
            double squares = 0;
            for (int i = c; i < y.length; i += 5) {
                sum += y[i];
                squares += (double) y[i] * y[i];
            }
            assertEquals(0, sum / 72, 1e-6, "mean of channel " + c);
            assertEquals(1, squares / 72, 1e-4, "variance of channel " + c);
        }
    }

    @Test
    void oneValueAChannelIsRefused() {
        var e = assertThrows(
                IllegalArgumentException.class,
                () -> Program.trace(
                        "small",
                        p -> new BatchNorm2d(5)
                                .forward(p.input("x", Shape.of(3, 1, 1, 5)), Mode.train(BatchGroups.contiguous(3)))));
        assertEquals(
                "batch norm: one value a channel has no variance; [3, 1, 1, 5] in 3 groups needs more "
                        + "samples or larger images for training",
                e.getMessage());
    }

    private static BatchNorm2d start() {
        return start(new BatchNorm2d(5));
    }

    private static <T extends Layer> T start(T bn) {
        Map<String, ArrayData> own = new HashMap<>();
        bn.named().keySet().forEach(name -> own.put(name, FIXTURE.get(name)));
        StateDict.load(bn, own);
        return bn;
    }

    private static float[] floats(String name) {
        return FIXTURE.get(name).toFloatArray();
    }
}
