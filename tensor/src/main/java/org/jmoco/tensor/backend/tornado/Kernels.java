package org.jmoco.tensor.backend.tornado;

import java.lang.reflect.InvocationTargetException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jmoco.tensor.Op;

/// The kernels that stand beside the ops, found by name.
final class Kernels {
    private static final Map<Class<?>, TornadoKernel<?>> FOUND = new ConcurrentHashMap<>();

    private Kernels() {}

    /// The kernels of an op.
    ///
    /// @throws IllegalStateException if it has none
    @SuppressWarnings("unchecked")
    static <O extends Op> TornadoKernel<O> of(O op) {
        return (TornadoKernel<O>) FOUND.computeIfAbsent(op.getClass(), Kernels::find);
    }

    private static TornadoKernel<?> find(Class<?> op) {
        String name = op.getName() + "Tornado";
        try {
            var constructor = Class.forName(name, true, op.getClassLoader()).getDeclaredConstructor();
            constructor.setAccessible(true);
            return (TornadoKernel<?>) constructor.newInstance();
        } catch (ClassNotFoundException | NoSuchMethodException e) {
            throw new IllegalStateException(
                    "op " + op.getSimpleName() + " has no TornadoVM kernel: there is no class " + name
                            + " with a constructor without parameters",
                    e);
        } catch (InstantiationException | IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("the TornadoVM kernel " + name + " cannot be created: " + e, e);
        }
    }
}
