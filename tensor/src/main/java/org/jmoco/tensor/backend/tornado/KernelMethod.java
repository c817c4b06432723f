package org.jmoco.tensor.backend.tornado;

import java.io.Serializable;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Method;

/// A reference to a static method that TornadoVM compiles for the device: a [Kernel] or a [FarKernel].
public sealed interface KernelMethod extends Serializable permits Kernel, FarKernel {
    /// The static method behind a method reference: class and name.
    default SerializedLambda method() {
        try {
            Method replacement = getClass().getDeclaredMethod("writeReplace");
            replacement.setAccessible(true);
            return (SerializedLambda) replacement.invoke(this);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a kernel must be a reference to a static method: " + this, e);
        }
    }
}
