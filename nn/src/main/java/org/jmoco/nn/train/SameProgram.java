package org.jmoco.nn.train;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jmoco.nn.processes.Agreement;
import org.jmoco.nn.processes.Processes;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Tensor;

/// Whether processes that share work out would compute the same: program, Java, and the kind of device with the
/// width of its vectors must be equal. How many threads there are may differ.
public final class SameProgram {
    private static final int DIGITS = 16;

    private SameProgram() {}

    /// Compares. Collective; nothing is done by one process alone.
    ///
    /// @param own   facts by name that must be equal too: weights, images, settings
    /// @param parts classes of the program's modules above `nn` that take part
    /// @throws org.jmoco.nn.processes.ProcessesException naming the first process that differs, and in what
    public static void require(Processes processes, Map<String, String> own, Device device, Class<?>... parts) {
        if (processes.count() == 1) {
            return;
        }
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("program", program(parts));
        facts.put("JDK", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        facts.put("device", device.toString().replaceAll("\\d+ threads?; ", ""));
        facts.put("MPI library", processes.transport());
        facts.putAll(own);
        Agreement.require(processes, facts);
    }

    /// A digest of the jar, or of all classes.
    private static String program(Class<?>... parts) {
        try {
            Set<Path> places = new LinkedHashSet<>();
            for (Class<?> part : parts) {
                places.add(place(part));
            }
            places.add(place(SameProgram.class));
            places.add(place(Tensor.class));
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Path place : places) {
                add(digest, place);
            }
            return HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
        } catch (URISyntaxException | IOException e) {
            throw new RunException("the program's own files cannot be read: " + e.getMessage(), e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static Path place(Class<?> part) throws URISyntaxException {
        return Path.of(part.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static void add(MessageDigest digest, Path at) throws IOException {
        if (!Files.isDirectory(at)) {
            digest.update(Files.readAllBytes(at));
            return;
        }
        try (Stream<Path> files = Files.walk(at)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                digest.update(at.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
                digest.update(Files.readAllBytes(file));
            }
        }
    }
}
