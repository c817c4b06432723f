package org.jmoco.moco.command.eval;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jmoco.eval.LabelMatrix;
import org.jmoco.eval.result.Provenance;
import org.jmoco.nn.data.DataException;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.io.ArrayData;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Features in files in place of an encoder and images, for benchmarks of one class an image.
final class FeatureFileOptions {
    @Option(
            names = "--features",
            paramLabel = "FILE",
            description = "Instead of an encoder and --data: training features [n, d], .npy or .safetensors, as "
                    + "`jmoco extract` writes them.")
    private Optional<Path> features = Optional.empty();

    @Option(
            names = "--labels",
            paramLabel = "FILE",
            description = "Their class numbers [n]. Default: those beside or in the file of features. Class names in "
                    + "NAME.classes.txt beside them match the parts.")
    private Optional<Path> labels = Optional.empty();

    @Option(names = "--test-features", paramLabel = "FILE", description = "Test features [m, d].")
    private Optional<Path> testFeatures = Optional.empty();

    @Option(names = "--test-labels", paramLabel = "FILE", description = "Their class numbers.")
    private Optional<Path> testLabels = Optional.empty();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /// Features of one class each.
    ///
    /// @param values `[n, d]`   @param labels `[n]`, from 0
    @SuppressWarnings("ArrayRecordComponent") // a carrier of arrays, never compared
    record Part(float[] values, int dim, int[] labels) {
        int items() {
            return labels.length;
        }

        /// As [org.jmoco.eval.linear.StoredFeatures] takes them.
        List<ArrayData> rows() {
            return List.of(ArrayData.ofFloats(values, items(), dim));
        }

        List<Shape> shapes() {
            return List.of(Shape.of(dim));
        }

        int[] indices() {
            return IntStream.range(0, items()).toArray();
        }
    }

    /// @param names of the classes, or their numbers where they have none
    record Both(Part train, Part test, List<String> names, List<Provenance.Input> inputs) {}

    /// Whether there are some.
    ///
    /// @throws ParameterException if they are half said
    boolean areSaid() {
        if (features.isPresent() != testFeatures.isPresent()) {
            throw new ParameterException(
                    spec.commandLine(),
                    features.isPresent() ? "--features needs --test-features" : "--test-features needs --features");
        }
        if (features.isEmpty() && (labels.isPresent() || testLabels.isPresent())) {
            throw new ParameterException(
                    spec.commandLine(),
                    (labels.isPresent() ? "--labels needs" : "--test-labels needs")
                            + " --features and --test-features");
        }
        return features.isPresent();
    }

    /// Reads them.
    ///
    /// @param tap the array to take from a safetensors file that holds features of several
    /// @throws DataException if a file is missing or broken, sizes differ, or an item has no class or several
    Both read(Optional<String> tap) {
        FeatureFiles files = new FeatureFiles(tap);
        FeatureFiles.Part train = files.read("train", features.orElseThrow(), labels, Optional.empty());
        FeatureFiles.Part test =
                files.read("test", testFeatures.orElseThrow(), testLabels, Optional.of(train.labels()));
        if (train.features().numCols != test.features().numCols) {
            throw new DataException(features.get() + " has features of " + train.features().numCols + " numbers, "
                    + testFeatures.get() + " of " + test.features().numCols);
        }
        List<String> names = IntStream.range(0, train.labels().classes())
                .mapToObj(train.labels()::name)
                .toList();
        return new Both(
                part(features.get(), train), part(testFeatures.get(), test), names, List.copyOf(files.inputs()));
    }

    private static Part part(Path file, FeatureFiles.Part read) {
        double[] wide = read.features().data;
        float[] values = new float[read.features().getNumElements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) wide[i];
            if (Float.isInfinite(values[i])) {
                throw new DataException(file + ": has " + wide[i] + ", which is too large for a float");
            }
        }
        LabelMatrix labels = read.labels();
        int[] classes = new int[labels.items()];
        for (int i = 0; i < classes.length; i++) {
            int found = 0;
            for (int c = 0; c < labels.classes(); c++) {
                if (labels.at(i, c) == 1) {
                    classes[i] = c;
                    found++;
                }
            }
            if (found != 1) {
                throw new DataException(file + ": item " + i + " has " + (found == 0 ? "no class" : "several classes")
                        + "; this needs items of one class each");
            }
        }
        return new Part(values, read.features().numCols, classes);
    }
}
