package org.jmoco.moco.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jmoco.tensor.backend.Devices;
import org.jmoco.tensor.backend.jvm.runtime.JvmFlags;

/// Looks at a machine and says what is well, what could be better and what will not work, each with its remedy.
public final class Doctor {
    /// Earlier updates of 25 can corrupt arrays that native code holds under G1 (JDK-8377811).
    private static final Runtime.Version OLDEST = Runtime.Version.parse("25.0.3");
    private static final long GIB = 1L << 30;
    private static final long LEAST_MEMORY = 2 * GIB;
    private static final long LEAST_DISK = GIB;
    private static final String EJML_WANTED = "0.46";

    private Doctor() {}

    /// Every finding, in the order in which a newcomer would mend them.
    public static List<Finding> examine(Machine m) {
        List<Finding> findings = new ArrayList<>();
        findings.add(jdk(m));
        findings.add(kernels(m));
        flags(m, findings);
        findings.add(memory(m));
        findings.add(disk(m));
        findings.add(jpeg(m));
        findings.add(ejml(m));
        findings.add(tornado(m));
        return List.copyOf(findings);
    }

    private static Finding jdk(Machine m) {
        String fact = "Java " + m.java();
        if (m.java().feature() != OLDEST.feature()) {
            return Finding.problem(
                    "JDK",
                    fact,
                    "jmoco needs a JDK 25, update 25.0.3 or later: install one (sdk install java "
                            + "25.0.3-tem, or your system's package) and name it in JMOCO_JAVA_HOME");
        }
        return m.java().compareToIgnoreOptional(OLDEST) < 0
                ? Finding.problem(
                        "JDK",
                        fact,
                        "updates before 25.0.3 can corrupt arrays shared with native code (JDK-8377811): "
                                + "install 25.0.3 or later")
                : Finding.fine("JDK", fact);
    }

    private static Finding kernels(Machine m) {
        String fact = m.processors() + (m.processors() == 1 ? " core, " : " cores, ") + m.kernels();
        return m.vectors()
                ? Finding.fine("kernels", fact)
                : Finding.advice(
                        "kernels", fact, "start with ./jmoco, or with java --add-modules jdk.incubator.vector");
    }

    private static void flags(Machine m, List<Finding> findings) {
        if (m.javaFlags().contains("-XX:+UseCompactObjectHeaders")) {
            findings.add(Finding.problem(
                    "flags",
                    "-XX:+UseCompactObjectHeaders",
                    "it is not reliable on JDK 25 (JDK-8380060): leave it out"));
        }
        m.javaFlags().stream()
                .filter(f -> f.matches("-Xint|-XX:TieredStopAtLevel=[0-3]"))
                .forEach(f -> findings.add(Finding.problem(
                        "flags", f, "the optimising compiler is off and kernels are slow: leave it out")));
        List<String> missing = JvmFlags.missing(m.javaFlags());
        findings.add(
                missing.isEmpty()
                        ? Finding.fine("flags", "large kernels are compiled as they should be")
                        : Finding.advice(
                                "flags",
                                String.join(" and ", missing) + (missing.size() == 1 ? " is" : " are") + " not set",
                                "start with ./jmoco, or add " + String.join("=100000 ", missing)
                                        + "=100000: without that the widest matrix kernel can stay slow, in "
                                        + "some runs and not in others"));
    }

    private static Finding memory(Machine m) {
        String fact = gib(m.memoryBytes()) + ", heap at most " + gib(m.heapBytes());
        return m.memoryBytes() < LEAST_MEMORY
                ? Finding.problem(
                        "memory", fact, "the demo needs 2 GiB: close other programs, or raise the container's limit")
                : Finding.fine("memory", fact);
    }

    private static Finding disk(Machine m) {
        String fact = gib(m.freeDisk()) + " free in " + m.folder();
        return m.freeDisk() < LEAST_DISK
                ? Finding.advice(
                        "disk",
                        fact,
                        "checkpoints of a ResNet-50 take about 0.4 GiB each: free some space, or put --out "
                                + "on another disk")
                : Finding.fine("disk", fact);
    }

    private static Finding jpeg(Machine m) {
        return m.turbo()
                ? Finding.fine("images", m.jpeg())
                : Finding.advice(
                        "images",
                        m.jpeg(),
                        "JPEG files load several times faster with libjpeg-turbo: install libturbojpeg0 "
                                + "(Debian, Ubuntu), jpeg-turbo (Homebrew) or libjpeg-turbo");
    }

    private static Finding ejml(Machine m) {
        return m.ejml().startsWith(EJML_WANTED)
                ? Finding.fine("EJML", m.ejml())
                : Finding.problem(
                        "EJML",
                        m.ejml(),
                        "an older EJML comes first on the class path: start moco/target/jmoco.jar, which "
                                + "holds its own");
    }

    private static Finding tornado(Machine m) {
        List<Devices.Listed> devices =
                m.devices().stream().filter(d -> d.name().startsWith("tornado")).toList();
        List<String> usable = devices.stream()
                .filter(Devices.Listed::available)
                .map(d -> d.name() + " " + d.description())
                .toList();
        if (!usable.isEmpty()) {
            return Finding.fine("TornadoVM", String.join("; ", usable));
        }
        if (m.sdk().isEmpty()) {
            return Finding.advice(
                    "TornadoVM",
                    "no SDK found, programs run on the processor",
                    "for a GPU: sdk install tornadovm 5.2.0-jdk25-opencl (or -ptx, -cuda), or name an SDK "
                            + "in TORNADOVM_HOME");
        }
        String reason = devices.isEmpty() ? "no device" : devices.getFirst().description();
        return Finding.advice(
                "TornadoVM",
                "an SDK lies at " + m.sdk().get() + ", but: " + reason,
                "start with ./jmoco, which uses it; `tornado --devices` tells what its drivers see");
    }

    private static String gib(long bytes) {
        return String.format(Locale.ROOT, "%.1f GiB", (double) bytes / GIB);
    }
}
