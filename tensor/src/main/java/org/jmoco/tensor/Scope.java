package org.jmoco.tensor;

import java.util.function.Supplier;

/// Names the part of a network that is being traced, so that graphs, profiles and error messages can say
/// `layer1.0.conv1`.
public final class Scope {
    private static final ThreadLocal<String> CURRENT = ThreadLocal.withInitial(() -> "");

    private Scope() {}

    static String current() {
        return CURRENT.get();
    }

    /// Runs `body` under `name`; scopes nest with a dot.
    public static <T> T in(String name, Supplier<T> body) {
        String outer = CURRENT.get();
        CURRENT.set(outer.isEmpty() ? name : name.isEmpty() ? outer : outer + "." + name);
        try {
            return body.get();
        } finally {
            CURRENT.set(outer);
        }
    }
}
