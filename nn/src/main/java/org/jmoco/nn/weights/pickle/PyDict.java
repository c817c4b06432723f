package org.jmoco.nn.weights.pickle;

import java.math.BigInteger;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// A dict or OrderedDict, in the file's order. Equality is identity, as for [PyTuple].
public final class PyDict {
    // Created with the first entry, so that a file full of empty dicts costs little memory.
    private Map<Object, Object> entries = Map.of();

    /// Sets a key; the last value of a repeated key counts, as in Python.
    ///
    /// @throws IllegalArgumentException if the key is a list or dict, which Python cannot hash
    public void put(Object key, Object value) {
        boolean hashable = key == null
                || key instanceof String
                || key instanceof Long
                || key instanceof BigInteger
                || key instanceof Double
                || key instanceof Boolean
                || key instanceof byte[]
                || key instanceof PyTuple
                || key instanceof PyGlobal
                || key instanceof PyObject;
        if (!hashable) {
            throw new IllegalArgumentException("a dict key that cannot be hashed");
        }
        if (entries.isEmpty()) {
            entries = new LinkedHashMap<>();
        }
        entries.put(key, value);
    }

    /// The value of a key, `null` for None and for a missing key. Tuples and bytes are never found.
    public Object get(Object key) {
        return entries.isEmpty() ? null : entries.get(key);
    }

    public Map<Object, Object> entries() {
        return Collections.unmodifiableMap(entries);
    }

    @Override
    public String toString() {
        return "dict of " + entries.size();
    }
}
