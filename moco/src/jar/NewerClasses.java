import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.constant.ClassDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/// Gives the classes of a jar that are of the form of Java 5, which are picocli's and Commons Math's, the form of
/// Java 17: the same instructions, with the stack maps by which they are verified in one pass. The JVM keeps nothing
/// of the older form from one start to the next (`-XX:AOTCache`), and a command line that is not kept takes most of
/// the time of `./jmoco --help`. Part of the build, which starts it as it stands: `java NewerClasses.java JAR`.
final class NewerClasses {
    private static final int WITH_STACK_MAPS = 50;
    private static final ClassFileVersion NEW_FORM = ClassFileVersion.of(ClassFile.JAVA_17_VERSION, 0);

    private NewerClasses() {}

    public static void main(String[] args) throws IOException {
        Path jar = Path.of(args[0]);
        Path part = jar.resolveSibling(jar.getFileName() + ".part");
        try (ZipFile in = new ZipFile(jar.toFile());
                OutputStream file = Files.newOutputStream(part);
                ZipOutputStream out = new ZipOutputStream(file)) {
            for (ZipEntry entry : Collections.list(in.entries())) {
                byte[] bytes = bytes(in, entry);
                ZipEntry copy = new ZipEntry(entry.getName());
                copy.setTimeLocal(entry.getTimeLocal());
                out.putNextEntry(copy);
                out.write(isOld(entry.getName(), bytes) ? renewed(in, bytes) : bytes);
                out.closeEntry();
            }
        }
        Files.move(part, jar, StandardCopyOption.REPLACE_EXISTING);
    }

    private static byte[] bytes(ZipFile jar, ZipEntry entry) throws IOException {
        try (InputStream in = jar.getInputStream(entry)) {
            return in.readAllBytes();
        }
    }

    private static boolean isOld(String name, byte[] bytes) {
        return name.endsWith(".class") && ((bytes[6] & 0xFF) << 8 | bytes[7] & 0xFF) < WITH_STACK_MAPS;
    }

    private static byte[] renewed(ZipFile jar, byte[] old) {
        ClassFile classes = ClassFile.of(
                ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                ClassFile.ClassHierarchyResolverOption.of(
                        ClassHierarchyResolver.ofResourceParsing((ClassDesc type) -> stream(jar, type))
                                .orElse(ClassHierarchyResolver.defaultResolver())));
        return classes.transformClass(
                classes.parse(old),
                ClassTransform.transformingMethodBodies((code, element) -> code.with(element))
                        .andThen((type, element) ->
                                type.with(element instanceof ClassFileVersion ? NEW_FORM : element)));
    }

    /// Where two branches meet, their common superclass counts.
    private static InputStream stream(ZipFile jar, ClassDesc type) {
        String descriptor = type.descriptorString();
        ZipEntry entry = jar.getEntry(descriptor.substring(1, descriptor.length() - 1) + ".class");
        try {
            return entry == null ? null : jar.getInputStream(entry);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
