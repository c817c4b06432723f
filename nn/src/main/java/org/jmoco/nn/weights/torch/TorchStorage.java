package org.jmoco.nn.weights.torch;

import java.lang.foreign.MemorySegment;
import org.jmoco.tensor.io.ElementType;

/// The memory behind one or more tensors. The legacy container has its bytes after the pickle, so
/// they are bound when the container knows where they lie.
final class TorchStorage {
    private final String key;
    private final ElementType type;
    private final long count;
    private MemorySegment bytes;

    TorchStorage(String key, ElementType type, long count) {
        this.key = key;
        this.type = type;
        this.count = count;
    }

    String key() {
        return key;
    }

    ElementType type() {
        return type;
    }

    /// The number of elements.
    long count() {
        return count;
    }

    void bind(MemorySegment littleEndian) {
        bytes = littleEndian;
    }

    MemorySegment bytes() {
        return bytes;
    }
}
