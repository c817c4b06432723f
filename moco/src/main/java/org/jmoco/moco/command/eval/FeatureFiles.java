package org.jmoco.moco.command.eval;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.ejml.data.DMatrixRMaj;
import org.jmoco.eval.Features;
import org.jmoco.eval.LabelMatrix;
import org.jmoco.eval.result.Provenance;
import org.jmoco.nn.data.DataException;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.Npy;
import org.jmoco.tensor.io.SafeTensors;

/// Features and labels in files, as `jmoco extract` or any other program wrote them.
final class FeatureFiles {
    private static final String NPY = ".npy";
    private static final String SAFETENSORS = ".safetensors";
    static final String LABELS = "labels";

    /// The class names, a line each, as a text beside the labels or as bytes in their file.
    static final String CLASSES = "classes";

    static final String CLASSES_SUFFIX = ".classes.txt";
    private static final String LABELS_SUFFIX = ".labels.npy";

    private final Optional<String> tap;
    private final List<Provenance.Input> inputs = new ArrayList<>();

    /// @param tap the array to take from a safetensors file that holds features of several
    FeatureFiles(Optional<String> tap) {
        this.tap = tap;
    }

    /// One part of a data set.
    ///
    /// @param role stands for it in provenance and messages @param labels without it those that lie beside or in
    ///     the file of features, as `jmoco extract` writes them
    /// @param train what the labels are matched with, by the names of their classes if they are known; empty for
    ///     the training items
    Part read(String role, Path features, Optional<Path> labels, Optional<LabelMatrix> train) {
        DMatrixRMaj rows = Features.of(features.toString(), array(features, tap));
        inputs.add(Provenance.Input.file(role + " features", features));
        Path labelFile = labels.orElseGet(() -> beside(features));
        String name = labelFile.toString();
        LabelMatrix read = LabelMatrix.of(name, array(labelFile, Optional.of(LABELS)));
        List<String> names = classes(labelFile);
        LabelMatrix called = names.isEmpty() ? read : read.namedBy(name, names);
        LabelMatrix known = train.map(t -> called.matched(name, t)).orElse(called);
        if (!labelFile.equals(features)) {
            inputs.add(Provenance.Input.file(role + " labels", labelFile));
        }
        if (rows.numRows != known.items()) {
            throw new DataException(features + " has " + rows.numRows + " rows, " + labelFile + " labels of "
                    + known.items() + " items");
        }
        return new Part(rows, known);
    }

    /// Features with labels.
    record Part(DMatrixRMaj features, LabelMatrix labels) {}

    /// What was read, with hashes.
    List<Provenance.Input> inputs() {
        return inputs;
    }

    /// The class names that go with labels; none if they are not known.
    private static List<String> classes(Path labels) {
        String file = labels.getFileName().toString();
        if (file.endsWith(SAFETENSORS)) {
            ArrayData bytes = SafeTensors.read(labels).arrays().get(CLASSES);
            return bytes == null || bytes.type().bytes() != 1
                    ? List.of()
                    : new String(bytes.payload().toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8)
                            .lines()
                            .toList();
        }
        String stem = file.endsWith(LABELS_SUFFIX)
                ? file.substring(0, file.length() - LABELS_SUFFIX.length())
                : file.endsWith(NPY) ? file.substring(0, file.length() - NPY.length()) : file;
        Path names = labels.resolveSibling(stem + CLASSES_SUFFIX);
        try {
            return Files.exists(names) ? Files.readAllLines(names) : List.of();
        } catch (IOException e) {
            throw new DataException(names + ": cannot be read (" + DataException.because(e) + ")", e);
        }
    }

    private static Path beside(Path features) {
        String name = features.getFileName().toString();
        Path labels = name.endsWith(NPY)
                ? features.resolveSibling(name.substring(0, name.length() - NPY.length()) + LABELS_SUFFIX)
                : features;
        if (!Files.exists(labels)) {
            throw new DataException(features + ": its labels are neither given nor in " + labels);
        }
        return labels;
    }

    private static ArrayData array(Path file, Optional<String> name) {
        if (!file.toString().endsWith(SAFETENSORS)) {
            return Npy.read(file);
        }
        Map<String, ArrayData> arrays = new TreeMap<>(SafeTensors.read(file).arrays());
        if (name.isPresent() && arrays.containsKey(name.get())) {
            return arrays.get(name.get());
        }
        boolean labels = name.equals(Optional.of(LABELS));
        List<String> fitting = arrays.keySet().stream()
                .filter(n -> labels
                        ? arrays.size() == 1
                        : arrays.get(n).type().isFloating() && arrays.get(n).rank() >= 2)
                .toList();
        if (fitting.size() != 1) {
            String wanted = labels
                    ? "array '" + LABELS + "'"
                    : name.map(n -> "array '" + n + "'").orElse("single array of features");
            throw new DataException(file + ": has no " + wanted + "; it holds " + String.join(", ", arrays.keySet())
                    + (labels || name.isPresent() ? "" : ": choose one with --tap"));
        }
        return arrays.get(fitting.getFirst());
    }
}
