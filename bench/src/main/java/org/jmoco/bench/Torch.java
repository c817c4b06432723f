package org.jmoco.bench;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// LibTorch's tensors from Java.
final class Torch {
    private Torch() {}

    /// Loads LibTorch and sets how many threads it uses.
    ///
    /// @throws BenchException if there is no LibTorch for this machine
    static void threads(int count) {
        try {
            unpack();
            torch.set_num_threads(count);
        } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
            throw new BenchException(
                    "LibTorch cannot be loaded (" + e.getMessage()
                            + "): org.bytedeco:pytorch has no library for this machine, or its cache "
                            + "~/.javacpp cannot be written",
                    e);
        }
    }

    /// Lays all libraries side by side in JavaCPP's cache before the first is loaded. Unpacked one by one, the first
    /// would be given the system's copies of those that are not there yet, and crash.
    private static void unpack() {
        try {
            for (String of : List.of("openblas", "pytorch")) {
                Loader.cacheResources(torch.class, "/org/bytedeco/" + of + "/" + Loader.getPlatform() + "/");
            }
        } catch (IOException e) {
            throw new BenchException("LibTorch cannot be unpacked: " + e.getMessage(), e);
        }
    }

    /// The memory order that a variant's name stands for.
    static MemoryFormat format(String variant) {
        return variant.equals("channels-last") ? MemoryFormat.ChannelsLast : MemoryFormat.Contiguous;
    }

    /// Runs `body` and frees, when it ends, every tensor it made but the one it returns. (What autograd needs
    /// lives on.)
    static Tensor scoped(Supplier<Tensor> body) {
        Tensor result;
        try (PointerScope _ = new PointerScope()) {
            result = body.get();
            result.retainReference();
        }
        PointerScope outer = PointerScope.getInnerScope();
        if (outer != null) {
            outer.attach(result);
            result.releaseReference();
        }
        return result;
    }

    /// A copy of the values in the order of the dimensions, whatever the memory order.
    static float[] floats(Tensor t) {
        try (PointerScope _ = new PointerScope()) {
            Tensor plain = t.detach().to(ScalarType.Float).contiguous();
            return MemorySegment.ofBuffer(plain.createBuffer()).toArray(ValueLayout.JAVA_FLOAT);
        }
    }

    /// As [#floats], in double precision.
    static double[] doubles(Tensor t) {
        try (PointerScope _ = new PointerScope()) {
            Tensor plain = t.detach().to(ScalarType.Double).contiguous();
            return MemorySegment.ofBuffer(plain.createBuffer()).toArray(ValueLayout.JAVA_DOUBLE);
        }
    }
}
