package org.jmoco.tensor.backend.jvm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.backend.OpExample;

/// The kernels of this backend, which are found by name: that of `Name` is `NameJvm` beside it.
public final class JvmKernels {
    private static final String SUFFIX = "Jvm";
    private static final String OPS = Op.class.getPackageName().replace('.', '/') + "/ops";
    private static final Map<Class<?>, JvmKernel<?>> KERNELS = new ConcurrentHashMap<>();

    private JvmKernels() {}

    /// The kernel that stands beside an op.
    @SuppressWarnings("unchecked")
    static <O extends Op> JvmKernel<O> of(O op) {
        return (JvmKernel<O>) KERNELS.computeIfAbsent(op.getClass(), JvmKernels::find);
    }

    private static JvmKernel<?> find(Class<?> op) {
        String name = op.getName() + SUFFIX;
        try {
            var constructor = Class.forName(name, true, op.getClassLoader()).getDeclaredConstructor();
            constructor.setAccessible(true);
            return (JvmKernel<?>) constructor.newInstance();
        } catch (ClassNotFoundException | NoSuchMethodException e) {
            throw new IllegalStateException(
                    "op " + op.getSimpleName() + " has no JVM kernel: there is no class " + name
                            + " with a constructor without parameters",
                    e);
        } catch (InstantiationException | IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("the JVM kernel " + name + " cannot be created: " + e, e);
        }
    }

    /// Every op with a kernel, by its name as [Op#name] has it, with what to try it on.
    public static SequencedMap<String, OpExample> examples() {
        SequencedMap<String, OpExample> examples = new TreeMap<>();
        for (String kernel : classes()) {
            String name = kernel.substring(0, kernel.length() - SUFFIX.length());
            try {
                Class<?> op = Class.forName(name, true, Op.class.getClassLoader());
                String simple = op.getSimpleName();
                examples.put(
                        Character.toLowerCase(simple.charAt(0)) + simple.substring(1),
                        KERNELS.computeIfAbsent(op, JvmKernels::find).example());
            } catch (ClassNotFoundException e) {
                continue; // what several kernels have in common
            }
        }
        return examples;
    }

    /// Names of the classes that lie among the ops and are called as kernels are, in the jar or in a folder.
    private static List<String> classes() {
        try {
            Path code = Path.of(Objects.requireNonNull(
                            Op.class.getProtectionDomain().getCodeSource(), "the engine's classes lie in no file")
                    .getLocation()
                    .toURI());
            if (Files.isDirectory(code)) {
                return classes(code);
            }
            try (FileSystem jar = FileSystems.newFileSystem(code)) {
                return classes(jar.getPath("/"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> classes(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root.resolve(OPS))) {
            return files.map(file -> root.relativize(file).toString().replace('\\', '/'))
                    .filter(file -> file.endsWith(SUFFIX + ".class"))
                    .map(file ->
                            file.substring(0, file.length() - ".class".length()).replace('/', '.'))
                    .toList();
        }
    }
}
