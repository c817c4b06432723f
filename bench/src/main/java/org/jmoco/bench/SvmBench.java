package org.jmoco.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.ejml.data.DMatrixRMaj;
import org.jmoco.eval.LabelMatrix;
import org.jmoco.eval.svm.CostList;
import org.jmoco.eval.svm.SvmProtocol;
import org.jmoco.eval.svm.SvmResult;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.Npy;

/// The whole VOC07 SVM protocol on a [VocShapedProblem], beside scikit-learn's `LinearSVC` (`bench/peers/svm.py`,
/// which reads what this writes).
///
/// Arguments: a folder for the problem and the results; optionally the scale, 1 by default (5,011 × 8,192).
final class SvmBench {

    private SvmBench() {}

    public static void main(String[] args) throws IOException {
        Path folder = Files.createDirectories(Path.of(args[0]));
        double scale = args.length > 1 ? Double.parseDouble(args[1]) : 1;
        VocShapedProblem problem = VocShapedProblem.of(scale, 7);
        write(folder.resolve("train-features.npy"), problem.train());
        write(folder.resolve("test-features.npy"), problem.test());
        write(folder.resolve("train-labels.npy"), problem.trainLabels());
        write(folder.resolve("test-labels.npy"), problem.testLabels());

        long start = System.nanoTime();
        long cpuStart = cpuNanos();
        SvmResult result = SvmProtocol.of(CostList.MMSELFSUP)
                .evaluate(problem.train(), problem.trainLabels(), problem.test(), problem.testLabels());
        double seconds = (System.nanoTime() - start) * 1e-9;
        double cpuSeconds = (cpuNanos() - cpuStart) * 1e-9;

        int classes = result.averagePrecision().length;
        double[] objectives =
                Arrays.stream(result.models()).mapToDouble(m -> m.objective()).toArray();
        double[] costs =
                Arrays.stream(result.models()).mapToDouble(m -> m.cost()).toArray();
        double[] validation = Arrays.stream(result.validation())
                .flatMapToDouble(Arrays::stream)
                .toArray();
        Npy.write(folder.resolve("jmoco-weights.npy"), matrix(result.weights()));
        Npy.write(folder.resolve("jmoco-objectives.npy"), ArrayData.ofDoubles(objectives));
        Npy.write(folder.resolve("jmoco-costs.npy"), ArrayData.ofDoubles(costs));
        Npy.write(folder.resolve("jmoco-ap.npy"), ArrayData.ofDoubles(result.averagePrecision()));
        Npy.write(
                folder.resolve("jmoco-validation.npy"),
                ArrayData.ofDoubles(validation, classes, validation.length / classes));
        Files.writeString(folder.resolve("jmoco-seconds.txt"), seconds + " " + cpuSeconds);
        System.out.printf(
                Locale.ROOT,
                "%s on %d x %d: %.1f s wall, %.1f s CPU, mAP %.4f, largest relative duality gap %.1e, "
                        + "chosen costs %s%n",
                result.protocol(),
                problem.train().numRows,
                problem.train().numCols,
                seconds,
                cpuSeconds,
                result.meanAveragePrecision(),
                result.gap(),
                Arrays.toString(costs));
    }

    /// CPU time of all threads so far; on a busy machine it says more than the clock.
    private static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static void write(Path file, DMatrixRMaj features) {
        float[] values = new float[features.getNumElements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) features.data[i];
        }
        Npy.write(file, ArrayData.ofFloats(values, features.numRows, features.numCols));
    }

    private static ArrayData matrix(DMatrixRMaj m) {
        return ArrayData.ofDoubles(m.data, m.numRows, m.numCols);
    }

    private static void write(Path file, LabelMatrix labels) {
        int[] values = new int[labels.items() * labels.classes()];
        for (int i = 0; i < values.length; i++) {
            values[i] = labels.at(i / labels.classes(), i % labels.classes());
        }
        Npy.write(file, ArrayData.ofInts(values, labels.items(), labels.classes()));
    }
}
