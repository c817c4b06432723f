package org.jmoco.eval.svm;

import java.nio.file.Path;
import org.ejml.data.DMatrixRMaj;
import org.jmoco.eval.Features;
import org.jmoco.eval.LabelMatrix;
import org.jmoco.tensor.io.Npy;
import org.jmoco.tensor.io.SafeTensors;

/// The problem that `make_svm.py` made, and scikit-learn's answers.
public record SvmFixture(DMatrixRMaj train, LabelMatrix trainLabels, DMatrixRMaj test, LabelMatrix testLabels, SafeTensors expected) {
    public static final Path FOLDER = Path.of("src/test/resources/org/jmoco/eval/svm");

    public static SvmFixture read() {
        return new SvmFixture(features("train-features.npy"), labels("train-labels.npy"), features("test-features.npy"), labels("test-labels.npy"),
                SafeTensors.read(FOLDER.resolve("expected.safetensors")));
    }

    private static DMatrixRMaj features(String file) {
        return Features.of(file, Npy.read(FOLDER.resolve(file)));
    }

    private static LabelMatrix labels(String file) {
        return LabelMatrix.of(file, Npy.read(FOLDER.resolve(file)), 0);
    }

    public double[] expected(String name) {
        return expected.get(name).toDoubleArray();
    }
}
