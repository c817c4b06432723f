package org.jmoco.moco.doctor;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jmoco.eval.linalg.Ejml;
import org.jmoco.nn.data.image.JpegCodecs;
import org.jmoco.tensor.backend.Devices;
import org.jmoco.tensor.backend.jvm.runtime.VectorSupport;

/// Facts about the machine and the JVM that the doctor looks at.
///
/// @param java        version of the running JDK
/// @param javaFlags   the JVM's own arguments
/// @param processors  cores the JVM may use
/// @param kernels     what the JVM backend's kernels run on, in words
/// @param vectors     whether that is the Vector API
/// @param memoryBytes memory of the machine or the container
/// @param heapBytes   the most the JVM's heap may take
/// @param freeDisk    bytes free where the program was started
/// @param folder      where that is
/// @param sdk         the TornadoVM SDK that was found, whether or not the program runs on it
/// @param devices     as `jmoco devices` lists them
/// @param ejml        version of the EJML that is in force
/// @param jpeg        the JPEG decoder in use, in words
/// @param turbo       whether that is libjpeg-turbo
public record Machine(
        Runtime.Version java,
        List<String> javaFlags,
        int processors,
        String kernels,
        boolean vectors,
        long memoryBytes,
        long heapBytes,
        long freeDisk,
        Path folder,
        Optional<Path> sdk,
        List<Devices.Listed> devices,
        String ejml,
        String jpeg,
        boolean turbo) {

    /// The machine this runs on.
    public static Machine here() {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        Path folder = Path.of("").toAbsolutePath();
        return new Machine(
                Runtime.version(),
                ManagementFactory.getRuntimeMXBean().getInputArguments(),
                Runtime.getRuntime().availableProcessors(),
                VectorSupport.describe(),
                VectorSupport.usesVectorApi(),
                system.getTotalMemorySize(),
                Runtime.getRuntime().maxMemory(),
                freeDisk(folder),
                folder,
                findSdk(),
                Devices.list(),
                Ejml.version(),
                JpegCodecs.description(),
                JpegCodecs.usesTurbo());
    }

    private static long freeDisk(Path folder) {
        try {
            return Files.getFileStore(folder).getUsableSpace();
        } catch (IOException e) {
            return 0;
        }
    }

    private static Optional<Path> findSdk() {
        String named = System.getenv("TORNADOVM_HOME");
        Path sdkman = Path.of(System.getProperty("user.home"), ".sdkman", "candidates", "tornadovm", "current");
        return named != null && !named.isBlank()
                ? Optional.of(Path.of(named))
                : Optional.of(sdkman).filter(Files::isDirectory);
    }
}
