package org.jmoco.tensor.backend.jvm.runtime;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What kernels need of the flags that the JVM was started with; `launch/jvm.args` has them all.
public final class JvmFlags {
    private static final String VECTORS = "--add-modules jdk.incubator.vector";
    private static final String VALUE = "=100000";

    private JvmFlags() {}

    /// Of the flags by which the JVM compiles large kernels as it should, those that are not among its arguments,
    /// without their values.
    public static List<String> missing(List<String> arguments) {
        return Stream.of("-XX:Tier3DelayOn", "-XX:PerMethodTrapLimit")
                .filter(flag -> arguments.stream().noneMatch(a -> a.startsWith(flag + "=")))
                .toList();
    }

    /// What to say of the running JVM, if kernels are slow in it.
    ///
    /// @param vectors whether the Vector API is there, or not wanted
    static Optional<String> warning(boolean vectors) {
        return warning(System.getProperty("java.vm.info", ""), arguments(), vectors);
    }

    /// The worst and all remedies, in one line.
    ///
    /// @param vm the property `java.vm.info`   @param arguments of the JVM, if they are known
    static Optional<String> warning(String vm, Optional<List<String>> arguments, boolean vectors) {
        List<String> missing = arguments.map(JvmFlags::missing).orElse(List.of());
        Optional<String> off = optimizerOff(vm);
        if (off.isEmpty() && vectors && missing.isEmpty()) {
            return Optional.empty();
        }
        List<String> with = new ArrayList<>();
        if (!vectors) {
            with.add(VECTORS);
        }
        missing.forEach(flag -> with.add(flag + VALUE));
        String what = off.isPresent()
                ? "kernels run without the JVM's optimising compiler, more than ten times slower"
                : !vectors
                        ? "kernels are plain Java loops, several times slower"
                        : "large kernels stay slow in some runs and not in others";
        return Optional.of(what + ": start java"
                + off.map(flag -> " without " + flag).orElse("")
                + (off.isPresent() && !with.isEmpty() ? " and" : "")
                + (with.isEmpty() ? "" : " with " + String.join(" ", with)));
    }

    /// The flag that switches the JVM's optimising compiler off, as some development environments start programs.
    private static Optional<String> optimizerOff(String vm) {
        return vm.contains("interpreted")
                ? Optional.of("-Xint")
                : vm.contains("emulated-client") ? Optional.of("-XX:TieredStopAtLevel=1") : Optional.empty();
    }

    private static Optional<List<String>> arguments() {
        // A JRE may be without that module.
        return ModuleLayer.boot().findModule("java.management").isPresent()
                ? Optional.of(ManagementFactory.getRuntimeMXBean().getInputArguments())
                : Optional.empty();
    }
}
