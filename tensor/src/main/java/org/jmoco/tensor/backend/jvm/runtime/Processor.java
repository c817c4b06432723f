package org.jmoco.tensor.backend.jvm.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What the operating system tells of the processor.
///
/// @param model            its name, or the architecture's where there is none
/// @param secondLevelCache bytes of a core's second cache level
public record Processor(String model, long secondLevelCache) {
    /// Of most processors since 2020 it is this or more.
    private static final long COMMON_CACHE = 1 << 20;

    public static Processor ofThisMachine() {
        return of(Path.of("/"));
    }

    /// As Linux tells it; where it is another system, what is common.
    ///
    /// @param root of the file system
    static Processor of(Path root) {
        return new Processor(
                model(root.resolve("proc/cpuinfo")).orElse(System.getProperty("os.arch")),
                cache(root.resolve("sys/devices/system/cpu/cpu0/cache")).orElse(COMMON_CACHE));
    }

    private static Optional<String> model(Path cpuinfo) {
        List<String> wanted = List.of("model name", "cpu family", "model", "CPU part");
        StringBuilder model = new StringBuilder();
        for (String line : lines(cpuinfo)) {
            int colon = line.indexOf(':');
            if (line.isBlank()) {
                break; // the first core's lines end here
            }
            if (colon > 0 && wanted.contains(line.substring(0, colon).strip())) {
                model.append(model.isEmpty() ? "" : " ")
                        .append(line.substring(colon + 1).strip());
            }
        }
        return model.isEmpty() ? Optional.empty() : Optional.of(model.toString());
    }

    private static Optional<Long> cache(Path folder) {
        for (int index = 0; index < 8; index++) {
            Path of = folder.resolve("index" + index);
            if (lines(of.resolve("level")).equals(List.of("2"))) {
                return lines(of.resolve("size")).stream().findFirst().flatMap(Processor::bytes);
            }
        }
        return Optional.empty();
    }

    /// `1024K`, `2M`.
    private static Optional<Long> bytes(String size) {
        if (!size.matches("\\d{1,9}[KM]")) {
            return Optional.empty();
        }
        long number = Long.parseLong(size.substring(0, size.length() - 1));
        return Optional.of(number * (size.endsWith("K") ? 1 << 10 : 1 << 20));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of();
        }
    }
}
