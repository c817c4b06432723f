package org.jmoco.tensor.backend.jvm.runtime;

import java.lang.System.Logger.Level;

/// Whether the kernels run on the Vector API or as ordinary Java loops. Decided once, when the first kernel is used.
///
/// The Vector API is taken if the module `jdk.incubator.vector` is in the boot layer, `-Djmoco.plain=true` is not
/// given, and the JVM does not deny native access, by which the micro-kernels read. No class that mentions the Vector
/// API is loaded otherwise.
public final class VectorSupport {
    private static final boolean PRESENT =
            ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    private static final boolean PLAIN_WANTED = Boolean.getBoolean("jmoco.plain");
    private static final boolean DENIED = PRESENT && !PLAIN_WANTED && nativeAccessIsDenied();

    static {
        System.Logger log = System.getLogger(VectorSupport.class.getName());
        log.log(Level.DEBUG, VectorSupport::describe);
        if (DENIED) {
            log.log(Level.WARNING, describe());
        } else {
            JvmFlags.warning(PRESENT || PLAIN_WANTED).ifPresent(warning -> log.log(Level.WARNING, warning));
        }
    }

    private VectorSupport() {}

    /// True if the kernels use the Vector API.
    public static boolean usesVectorApi() {
        return PRESENT && !PLAIN_WANTED && !DENIED;
    }

    /// One line for people: what runs, and if it is the slow path, which flag makes it fast.
    public static String describe() {
        if (usesVectorApi()) {
            return "kernels use the Vector API, " + Vectors.WIDTH + " floats a vector";
        }
        if (DENIED) {
            return "kernels are plain Java loops, several times slower: start java with "
                    + "--enable-native-access=ALL-UNNAMED";
        }
        return PRESENT
                ? "kernels are plain Java loops, because of -Djmoco.plain=true"
                : "kernels are plain Java loops, several times slower: start java with --add-modules "
                        + "jdk.incubator.vector";
    }

    private static boolean nativeAccessIsDenied() {
        try {
            OffHeap.all();
            return false;
        } catch (IllegalCallerException e) {
            return true;
        }
    }
}
