package org.jmoco.eval.svm;

import java.nio.file.Path;
import org.ejml.data.DMatrixRMaj;
import org.jmoco.eval.Features;
import org.jmoco.eval.LabelMatrix;
import org.jmoco.tensor.io.Npy;
import org.jmoco.tensor.io.SafeTensors;

/// A problem that `make_svm.py` made, and scikit-learn's answers.
public record SvmFixture(
        DMatrixRMaj train, LabelMatrix trainLabels, DMatrixRMaj test, LabelMatrix testLabels, SafeTensors expected) {
    public static final Path FOLDER = Path.of("src/test/resources/org/jmoco/eval/svm");

    /// Several labels an item, some ignored; draws of up to 8 items.
    public static SvmFixture read() {
        return read(FOLDER);
    }

    /// Draws of up to 96 items.
    public static SvmFixture everyK() {
        return read(FOLDER.resolve("every-k"));
    }

    private static SvmFixture read(Path folder) {
        return new SvmFixture(
                features(folder.resolve("train-features.npy")),
                labels(folder.resolve("train-labels.npy")),
                features(folder.resolve("test-features.npy")),
                labels(folder.resolve("test-labels.npy")),
                SafeTensors.read(folder.resolve("expected.safetensors")));
    }

    private static DMatrixRMaj features(Path file) {
        return Features.of(file.toString(), Npy.read(file));
    }

    private static LabelMatrix labels(Path file) {
        return LabelMatrix.of(file.toString(), Npy.read(file));
    }

    public double[] expected(String name) {
        return expected.get(name).toDoubleArray();
    }
}
