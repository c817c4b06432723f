package org.jmoco.tensor.ops.update;

import java.util.List;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.Variable;

/// Lays tensors at given places of one flat value; the gaps between them are 0. Gradients packed like their
/// variables are updated in one sweep.
///
/// | name   | shape    | meaning                                     |
/// |--------|----------|---------------------------------------------|
/// | part i | any      | what begins at element `offsets[i]`         |
/// | result | `[size]` | all of them                                 |
///
/// @param offsets where each part begins, in elements; ascending, without overlap
/// @param size    elements of the result
public record Pack(List<Integer> offsets, int size) implements Op.Packed, Op.NoGradient {
    public Pack {
        offsets = List.copyOf(offsets);
    }

    /// Packs one value a variable as the variables lie in their group.
    ///
    /// @param variables of one group, in the order in which they lie there
    /// @param values    of the variables' shapes, such as their gradients
    /// @param size      elements of the result: the group's size, or the part of it that the variables fill
    public static Tensor like(List<Variable> variables, List<Tensor> values, int size) {
        if (variables.size() != values.size()) {
            throw new ShapeException("pack: " + variables.size() + " variables, but " + values.size() + " values");
        }
        for (int i = 0; i < variables.size(); i++) {
            Variable v = variables.get(i);
            if (!v.shape().equals(values.get(i).shape())) {
                throw new ShapeException("pack: " + v.name() + " is " + v.shape() + ", its value is "
                        + values.get(i).shape());
            }
            if (v.group() != variables.getFirst().group()) {
                throw new ShapeException("pack: " + v.name() + " lies in group " + v.group() + ", "
                        + variables.getFirst().name() + " in "
                        + variables.getFirst().group());
            }
        }
        return new Pack(variables.stream().map(Variable::offset).toList(), size).on(values.toArray(Tensor[]::new));
    }

    @Override
    public Shape shapeOf(Shape... in) {
        if (in.length != offsets.size()) {
            throw new ShapeException("pack: " + offsets.size() + " offsets, but " + in.length + " tensors");
        }
        long end = 0;
        for (int i = 0; i < in.length; i++) {
            if (offsets.get(i) < end) {
                throw new ShapeException(
                        "pack: part " + i + " begins at " + offsets.get(i) + ", the one before it ends at " + end);
            }
            end = offsets.get(i) + in[i].size();
        }
        if (end > size) {
            throw new ShapeException("pack: the parts end at " + end + ", the result has " + size + " elements");
        }
        return Shape.of(size);
    }

    @Override
    public long offset(int i, Shape... in) {
        return offsets.get(i);
    }

    @Override
    public double flops(Shape out, Shape... in) {
        return 0;
    }
}
