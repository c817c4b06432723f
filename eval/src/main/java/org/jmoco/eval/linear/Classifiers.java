package org.jmoco.eval.linear;

import java.util.List;
import java.util.Map;
import org.jmoco.nn.Mode;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.Variable;

/// What a [ClassifierTraining] trains: one classifier, or several side by side.
public interface Classifiers {
    /// How many there are.
    int count();

    /// The scores of each, `[n, classes]`.
    ///
    /// @param features what the input gives, one tensor a tap
    List<Tensor> logits(List<Tensor> features, Mode mode);

    /// Parameters and buffers by name.
    Map<String, Variable> named();
}
