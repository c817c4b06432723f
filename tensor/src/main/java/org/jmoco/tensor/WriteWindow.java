package org.jmoco.tensor;

/// A group's flat value with one variable replaced.
///
/// | name  | shape    | meaning                                |
/// |-------|----------|----------------------------------------|
/// | flat  | `[size]` | the group                              |
/// | value | any      | the variable's new value, of its shape |
public record WriteWindow(Variable variable) implements Op.InPlace, Op.NoGradient {
    @Override
    public Shape shapeOf(Shape... in) {
        return in[0];
    }

    @Override
    public DType typeOf(DType... in) {
        return in[0];
    }
}
