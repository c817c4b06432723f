package org.jmoco.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.TaskGraph;

/// Compares every signature of this module with the `tornado-api` jar of the SDK that `TORNADOVM_HOME` names.
/// Without an SDK there is nothing to compare with, and the test is skipped.
class SignatureDriftTest {
    @Test
    void everySignatureIsTheSdks() throws Exception {
        Path ours = Path.of(TaskGraph.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        try (URLClassLoader signatures = loader(ours);
                URLClassLoader sdk = loader(sdkApiJar())) {
            List<String> classes = classNames(ours);
            assertFalse(classes.isEmpty(), "no signature found in " + ours);
            List<String> differences = new ArrayList<>();
            for (String name : classes) {
                compare(signatures.loadClass(name), find(sdk, name, differences), differences);
            }
            assertEquals(List.of(), differences);
        }
    }

    private static Path sdkApiJar() throws IOException {
        String home = System.getenv("TORNADOVM_HOME");
        assumeTrue(home != null, "needs a TornadoVM SDK: TORNADOVM_HOME is not set");
        Path folder = Path.of(home, "share", "java", "tornado");
        try (Stream<Path> jars = Files.list(folder)) {
            return jars.filter(jar -> jar.getFileName().toString().startsWith("tornado-api-"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no tornado-api jar in " + folder));
        }
    }

    /// The platform loader is the parent, so that neither side sees the other's classes of the same names.
    private static URLClassLoader loader(Path path) throws IOException {
        return new URLClassLoader(new URL[] {path.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
    }

    private static List<String> classNames(Path root) throws IOException {
        if (Files.isRegularFile(root)) {
            try (var jar = FileSystems.newFileSystem(URI.create("jar:" + root.toUri()), Map.of())) {
                return classNames(jar.getPath("/"));
            }
        }
        try (Stream<Path> files = Files.walk(root)) {
            return files.map(file -> root.relativize(file).toString())
                    .filter(name -> name.endsWith(".class") && !name.endsWith("package-info.class"))
                    .map(name ->
                            name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                    .sorted()
                    .toList();
        }
    }

    private static Class<?> find(ClassLoader sdk, String name, List<String> differences) {
        try {
            return Class.forName(name, false, sdk);
        } catch (ClassNotFoundException missing) {
            differences.add(name + ": not in the SDK");
            return null;
        }
    }

    private static void compare(Class<?> ours, Class<?> theirs, List<String> differences)
            throws IllegalAccessException {
        if (theirs == null) {
            return;
        }
        expect(kind(ours), kind(theirs), ours.getName(), differences);
        if (ours.getSuperclass() != null) {
            expect(ours.getSuperclass().getName(), theirs.getSuperclass().getName(), ours + " extends", differences);
        }
        for (Field field : ours.getDeclaredFields()) {
            if (Modifier.isPublic(field.getModifiers())) {
                expect(describe(field), find(theirs, field), ours.getName() + "." + field.getName(), differences);
            }
        }
        for (Constructor<?> constructor : ours.getDeclaredConstructors()) {
            if (Modifier.isPublic(constructor.getModifiers())) {
                contains(Arrays.stream(theirs.getDeclaredConstructors()), constructor, differences);
            }
        }
        for (Method method : ours.getDeclaredMethods()) {
            if (Modifier.isPublic(method.getModifiers()) && !method.isSynthetic()) {
                contains(Arrays.stream(theirs.getDeclaredMethods()), method, differences);
            }
        }
    }

    private static void contains(Stream<? extends Executable> theirs, Executable ours, List<String> differences) {
        String wanted = describe(ours);
        if (theirs.noneMatch(executable -> describe(executable).equals(wanted))) {
            differences.add(ours.getDeclaringClass().getName() + ": the SDK has no " + wanted);
        }
    }

    private static String find(Class<?> theirs, Field field) throws IllegalAccessException {
        for (Field candidate : theirs.getDeclaredFields()) {
            if (candidate.getName().equals(field.getName())) {
                return describe(candidate);
            }
        }
        return "absent";
    }

    private static String kind(Class<?> type) {
        String kind = type.isEnum() ? "enum" : type.isInterface() ? "interface" : "class";
        return kind + " " + type.toGenericString().replaceAll("^.*?(uk\\.)", "$1");
    }

    /// Constants are part of a signature: the compiler copies them into the caller.
    private static String describe(Field field) throws IllegalAccessException {
        boolean constant =
                Modifier.isStatic(field.getModifiers()) && field.getType().isPrimitive();
        return visible(field.getModifiers())
                + field.getGenericType().getTypeName()
                + (constant ? " = " + field.get(null) : "");
    }

    private static String describe(Executable executable) {
        String returned = executable instanceof Method method
                ? method.getGenericReturnType().getTypeName() + " "
                : "";
        return visible(executable.getModifiers())
                + returned
                + executable.getName()
                + Arrays.toString(executable.getGenericParameterTypes())
                + Arrays.toString(executable.getExceptionTypes());
    }

    private static String visible(int modifiers) {
        return Modifier.toString(modifiers & (Modifier.PUBLIC | Modifier.STATIC)) + " ";
    }

    private static void expect(String ours, String theirs, String where, List<String> differences) {
        if (!ours.equals(theirs)) {
            differences.add(where + ": " + ours + " here, " + theirs + " in the SDK");
        }
    }
}
