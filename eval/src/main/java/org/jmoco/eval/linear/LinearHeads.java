package org.jmoco.eval.linear;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jmoco.nn.BatchNorm2d;
import org.jmoco.nn.EngineOrder;
import org.jmoco.nn.Linear;
import org.jmoco.nn.Mode;
import org.jmoco.nn.Module;
import org.jmoco.nn.optim.Sgd;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.FormatException;

/// Linear classifiers side by side, one on each of several taps of a frozen encoder: they share the features'
/// computation and nothing else.
///
/// On a map `[side, side, c]`: batch norm without weight and bias, flatten, linear (the multi-head protocol of
/// Goyal et al. 2019, as in mmselfsup's `MultiClsHead`). On a vector `[d]`: the linear layer alone (the protocol
/// of MoCo). Weights begin normal with standard deviation 0.01, biases at 0.
public final class LinearHeads extends Module implements Classifiers {
    private final List<BatchNorm2d> norms;
    private final List<Linear> fcs;
    private final List<Shape> shapes;
    private final int classes;

    /// @param shapes of one image's features at each tap, `[side, side, c]` or `[d]`
    public LinearHeads(List<Shape> shapes, int classes) {
        this.shapes = List.copyOf(shapes);
        this.classes = classes;
        norms = Arrays.asList(shapes.stream()
                .map(s -> s.rank() == 3 ? BatchNorm2d.withoutAffine(s.dim(2)) : null)
                .toArray(BatchNorm2d[]::new));
        fcs = shapes.stream()
                .map(s -> Linear.classifier(Math.toIntExact(s.size()), classes))
                .toList();
    }

    @Override
    public int count() {
        return fcs.size();
    }

    /// Of these heads, from their initial weights.
    ///
    /// @param seed of the weights
    public ClassifierTraining training(
            Recipe recipe, FeatureInput train, FeatureInput test, long seed, ClassifierTraining.Manner manner) {
        initialize(seed);
        return new ClassifierTraining(
                recipe, train, test, this, new Sgd(recipe.options(), parameters()), classes, manner);
    }

    /// The scores of every head, each `[n, classes]`.
    ///
    /// @param features of each tap, `[n, side, side, c]` or `[n, d]`
    @Override
    public List<Tensor> logits(List<Tensor> features, Mode mode) {
        return scoped(() -> {
            List<Tensor> logits = new ArrayList<>();
            for (int i = 0; i < fcs.size(); i++) {
                Tensor x = norms.get(i) == null ? features.get(i) : norms.get(i).forward(features.get(i), mode);
                logits.add(fcs.get(i).forward(x.reshape(x.shape().dim(0), -1), mode));
            }
            return logits;
        });
    }

    /// The heads as a mmselfsup checkpoint has them: `head.fcs.0.weight`, its columns in the order channel, row,
    /// column, and `head.norms.0.running_mean`; a single head on a vector as torchvision's `fc.weight`.
    public Map<String, ArrayData> toTorch() {
        Map<String, ArrayData> arrays = new LinkedHashMap<>();
        for (int i = 0; i < fcs.size(); i++) {
            arrays.put(
                    fc(i) + ".weight",
                    weightToTorch(
                            ArrayData.ofFloats(
                                    fcs.get(i).weight().toArray(), shapes.get(i).size(), classes),
                            shapes.get(i)));
            arrays.put(fc(i) + ".bias", ArrayData.ofFloats(fcs.get(i).bias().toArray()));
            if (norms.get(i) != null) {
                int head = i;
                norms.get(i)
                        .namedBuffers()
                        .forEach((name, v) -> arrays.put(norm(head) + "." + name, ArrayData.ofFloats(v.toArray())));
            }
        }
        return arrays;
    }

    /// Takes over the heads of a checkpoint, as [#toTorch] names them; other names are passed over, so a whole
    /// classifier may be given.
    ///
    /// @throws FormatException naming the file and what is missing or of another shape
    public void load(String file, Map<String, ArrayData> arrays) {
        Map<String, ArrayData> wanted = toTorch();
        for (Map.Entry<String, ArrayData> e : wanted.entrySet()) {
            ArrayData found = arrays.get(e.getKey());
            if (found == null) {
                String there = arrays.keySet().stream()
                        .filter(k -> k.startsWith("head.") || k.startsWith("fc."))
                        .limit(4)
                        .collect(Collectors.joining(", "));
                throw new FormatException(
                        file, "has no " + e.getKey() + "; classifiers there: " + (there.isEmpty() ? "none" : there));
            }
            if (!Arrays.equals(found.shape(), e.getValue().shape())) {
                throw new FormatException(
                        file,
                        e.getKey() + " is " + Arrays.toString(found.shape()) + ", the heads need "
                                + Arrays.toString(e.getValue().shape()));
            }
            if (!found.type().isFloating()) {
                throw new FormatException(
                        file, e.getKey() + " is " + found.type() + ", weights are floating-point numbers");
            }
        }
        for (int i = 0; i < fcs.size(); i++) {
            fcs.get(i)
                    .weight()
                    .set(weightToEngine(arrays.get(fc(i) + ".weight"), shapes.get(i))
                            .toFloatArray());
            fcs.get(i).bias().set(arrays.get(fc(i) + ".bias").toFloatArray());
            if (norms.get(i) != null) {
                int head = i;
                norms.get(i)
                        .namedBuffers()
                        .forEach((name, v) ->
                                v.set(arrays.get(norm(head) + "." + name).toFloatArray()));
            }
        }
    }

    private String fc(int head) {
        return fcs.size() == 1 && norms.getFirst() == null ? "fc" : "head.fcs." + head;
    }

    private static String norm(int head) {
        return "head.norms." + head;
    }

    /// `[classes, c·side·side]` → `[side·side·c, classes]`: seen as the kernel of a convolution that covers the map.
    static ArrayData weightToEngine(ArrayData weight, Shape map) {
        if (map.rank() == 1) {
            return EngineOrder.linear(weight);
        }
        return EngineOrder.convToEngine(weight.reshape(weight.dim(0), map.dim(2), map.dim(0), map.dim(1)))
                .reshape(map.size(), weight.dim(0));
    }

    static ArrayData weightToTorch(ArrayData weight, Shape map) {
        if (map.rank() == 1) {
            return EngineOrder.linear(weight);
        }
        return EngineOrder.convToTorch(weight.reshape(map.dim(0), map.dim(1), map.dim(2), weight.dim(1)))
                .reshape(weight.dim(1), map.size());
    }
}
