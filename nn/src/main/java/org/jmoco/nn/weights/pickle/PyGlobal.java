package org.jmoco.nn.weights.pickle;

/// A name of a Python module, as in `torch FloatStorage`. Only a name: nothing is imported.
public record PyGlobal(String module, String name) {
    public boolean is(String otherModule, String otherName) {
        return module.equals(otherModule) && name.equals(otherName);
    }

    @Override
    public String toString() {
        return module + "." + name;
    }
}
