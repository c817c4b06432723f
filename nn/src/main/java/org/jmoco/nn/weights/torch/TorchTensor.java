package org.jmoco.nn.weights.torch;

import java.util.Arrays;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.ElementType;
import org.jmoco.tensor.io.FormatException;
import org.jmoco.tensor.io.Strided;

/// A tensor of a checkpoint: a strided view of a storage. Offset and strides are in elements.
public final class TorchTensor {
    private final TorchStorage storage;
    private final ElementType type;
    private final long offset;
    private final long[] shape;
    private final long[] stride;

    TorchTensor(TorchStorage storage, ElementType type, long offset, long[] shape, long[] stride) {
        this.storage = storage;
        this.type = type;
        this.offset = offset;
        this.shape = shape;
        this.stride = stride;
    }

    public ElementType type() {
        return type;
    }

    public long[] shape() {
        return shape.clone();
    }

    /// The elements in C order: a view of the mapped file if they lie so, else a copy.
    ///
    /// @param file and `name` are for messages
    /// @param copyBudget bytes that a copy may take
    /// @throws FormatException if the view leaves its storage, shows elements more often than it
    ///   has them, or a copy exceeds the budget
    ArrayData toArray(String file, String name, long copyBudget) {
        long count;
        try {
            count = ArrayData.count(shape);
            if (count == 0) {
                return ArrayData.of(type, shape, storage.bytes().asSlice(0, 0));
            }
            long available = storage.bytes().byteSize() / type.bytes();
            if (offset < 0 || lastElement() >= available || count > available) {
                throw new FormatException(
                        file,
                        FormatException.quote(name)
                                + " "
                                + this
                                + " does not fit in its storage of "
                                + available
                                + " elements");
            }
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new FormatException(file, FormatException.quote(name) + ": " + e.getMessage(), e);
        }
        if (isDense()) {
            return ArrayData.of(type, shape, storage.bytes().asSlice(offset * type.bytes(), count * type.bytes()));
        }
        if (count * type.bytes() > copyBudget) {
            throw new FormatException(
                    file,
                    "copies of the non-contiguous tensors up to "
                            + FormatException.quote(name)
                            + " take far more memory than the file");
        }
        return Strided.toDense(type, storage.bytes(), offset, shape, stride);
    }

    private long lastElement() {
        long last = offset;
        for (int axis = 0; axis < shape.length; axis++) {
            if (stride[axis] < 0) {
                throw new IllegalArgumentException("a negative stride");
            }
            last = Math.addExact(last, Math.multiplyExact(shape[axis] - 1, stride[axis]));
        }
        return last;
    }

    /// Whether the elements lie in C order without gaps.
    boolean isDense() {
        long expected = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            if (shape[axis] != 1 && stride[axis] != expected) {
                return false;
            }
            expected *= shape[axis];
        }
        return true;
    }

    @Override
    public String toString() {
        return type + Arrays.toString(shape) + " at " + offset + " with strides " + Arrays.toString(stride);
    }
}
