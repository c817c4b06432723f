package org.jmoco.tensor;

/// Operands whose shapes or element types do not fit an op. The message names the op, what it expects and what it got.
public final class ShapeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    public ShapeException(String message) {
        super(message);
    }
}
