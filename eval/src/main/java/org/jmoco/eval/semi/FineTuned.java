package org.jmoco.eval.semi;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.eval.linear.ClassifierTraining;
import org.jmoco.eval.linear.Classifiers;
import org.jmoco.eval.linear.FeatureInput;
import org.jmoco.eval.linear.Recipe;
import org.jmoco.nn.Linear;
import org.jmoco.nn.Mode;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.optim.Sgd;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.Variable;
import org.jmoco.tensor.VariableGroup;

/// A whole network that is trained further: the backbone of an encoder, and a new linear classifier on its pooled
/// features, whose weights begin normal with standard deviation 0.01. Batch norms take the statistics of the whole
/// batch, as synchronised ones do, and their running statistics move on. Holds its weights and its optimiser's momenta
/// until it is closed.
public final class FineTuned implements Classifiers, AutoCloseable {
    private static final String HEAD = "fc.";

    private final ResNet net;
    private final int classes;
    private final List<Sgd> optimisers = new ArrayList<>();

    /// A network at its start; the encoder's own head is left behind.
    ///
    /// @param seed of the classifier's weights
    public FineTuned(Encoder encoder, int classes, long seed) {
        this.classes = classes;
        net = new ResNet(encoder.net().config(), features -> Linear.classifier(features, classes));
        net.initialize(seed);
        Map<String, Variable> own = net.named();
        encoder.net().named().forEach((name, value) -> {
            if (!name.startsWith(HEAD)) {
                own.get(name).set(value.toArray());
            }
        });
    }

    /// The training of it.
    ///
    /// @param multiplier how many times the recipe's learning rate the classifier's is
    public ClassifierTraining training(
            Recipe recipe, FeatureInput train, FeatureInput test, double multiplier, ClassifierTraining.Manner manner) {
        List<Variable> head = net.head().parameters();
        List<Variable> backbone =
                net.parameters().stream().filter(v -> !head.contains(v)).toList();
        Sgd sgd = new Sgd(List.of(
                new Sgd.Group("backbone", backbone, recipe.options(), 1),
                new Sgd.Group("head", head, recipe.options(), (float) multiplier)));
        optimisers.add(sgd);
        return new ClassifierTraining(recipe, train, test, this, sgd, classes, manner);
    }

    /// The network.
    public ResNet net() {
        return net;
    }

    @Override
    public void close() {
        Stream.concat(net.named().values().stream(), optimisers.stream().flatMap(s -> s.momenta().stream()))
                .map(Variable::group)
                .distinct()
                .forEach(VariableGroup::close);
    }

    @Override
    public int count() {
        return 1;
    }

    @Override
    public List<Tensor> logits(List<Tensor> images, Mode mode) {
        return List.of(net.forward(images.getFirst(), mode));
    }

    @Override
    public SequencedMap<String, Variable> named() {
        return net.named();
    }
}
