package org.jmoco.nn.weights.pickle;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/// A tuple. Equality is identity: tuples of a hostile file can be nested deeper than a stack.
public final class PyTuple {
    public static final PyTuple EMPTY = new PyTuple();
    private final List<Object> items;

    public PyTuple(Object... items) {
        this.items = Collections.unmodifiableList(Arrays.asList(items));
    }

    /// The elements, of the types that the package page lists.
    public List<Object> items() {
        return items;
    }

    @Override
    public String toString() {
        return "tuple of " + items.size();
    }
}
