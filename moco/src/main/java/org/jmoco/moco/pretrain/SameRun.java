package org.jmoco.moco.pretrain;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.moco.config.ConfigText;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.nn.processes.Agreement;
import org.jmoco.nn.processes.Processes;
import org.jmoco.nn.train.RunException;
import org.jmoco.nn.train.Training;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Tensor;

/// Whether the processes of a run would compute the same: configuration, images, program, Java, and the kind of
/// device with the width of its vectors must be equal. Where the data lies and how many threads there are may
/// differ.
public final class SameRun {
    private static final Set<String> OWN = Set.of("data.path", "data.list", "data.workers");
    private static final int DIGITS = 16;

    private SameRun() {}

    /// Compares. Collective.
    ///
    /// @throws org.jmoco.nn.processes.ProcessesException naming the first process that differs, and in what
    static void require(Processes processes, MocoConfig config, BatchSource batches, Device device) {
        if (processes.count() == 1) {
            return;
        }
        processes.phase("the start of the run");
        Map<String, String> facts = new LinkedHashMap<>();
        new TreeMap<>(ConfigText.flat(config)).forEach((key, value) -> {
            if (!OWN.contains(key)) {
                facts.put(key, value);
            }
        });
        facts.put("data set", batches.identity());
        require(processes, facts, device);
    }

    /// As the other one, of anything that processes compute together. Collective.
    ///
    /// @param own facts by name that must be equal too
    public static void require(Processes processes, Map<String, String> own, Device device) {
        if (processes.count() == 1) {
            return;
        }
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("program", program());
        facts.put("JDK", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        facts.put("device", device.toString().replaceAll("\\d+ threads?; ", ""));
        facts.put("MPI library", processes.transport());
        facts.putAll(own);
        Agreement.require(processes, facts);
    }

    /// A digest of the jar, or of all classes.
    private static String program() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Class<?> part : List.of(SameRun.class, Encoder.class, Training.class, Tensor.class)) {
                add(
                        digest,
                        Path.of(part.getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI()));
            }
            return HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
        } catch (URISyntaxException | IOException e) {
            throw new RunException("the program's own files cannot be read: " + e.getMessage(), e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
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
