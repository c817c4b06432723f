package org.jmoco.nn.weights.pickle;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// An inert record of an object that this reader does not build: what the pickle wanted to call,
/// the arguments, the state, list items and dict entries it wanted to give it. Equality is
/// identity.
public final class PyObject {
    private final Object callable;
    private final Object arguments;
    private Object state;
    private List<Object> items = List.of();
    private PyDict entries;

    PyObject(Object callable, Object arguments) {
        this.callable = callable;
        this.arguments = arguments;
    }

    /// A [PyGlobal], or whatever else a strange file put there.
    public Object callable() {
        return callable;
    }

    /// Usually a [PyTuple].
    public Object arguments() {
        return arguments;
    }

    /// What BUILD wanted to set, or `null`.
    public Object state() {
        return state;
    }

    /// What a subclass of list or set would hold.
    public List<Object> items() {
        return Collections.unmodifiableList(items);
    }

    /// What a subclass of dict would hold, or `null`.
    public PyDict entries() {
        return entries;
    }

    void setState(Object newState) {
        state = newState;
    }

    void append(Object item) {
        if (items.isEmpty()) {
            items = new ArrayList<>();
        }
        items.add(item);
    }

    void put(Object key, Object value) {
        if (entries == null) {
            entries = new PyDict();
        }
        entries.put(key, value);
    }

    @Override
    public String toString() {
        return callable instanceof PyGlobal global ? "object of " + global : "object";
    }
}
