package org.jmoco.eval.suite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jmoco.eval.stats.Summary;

/// What a suite has measured so far, kept in a file line by line, `encoder seed benchmark value` with tabs between
/// them: a suite that was interrupted goes on after the last whole line.
final class Measured {
    private record Key(String encoder, int seed, String benchmark) {}

    private final Path file;
    private final Map<Key, Double> values = new LinkedHashMap<>();

    Measured(Path file) {
        this.file = file;
        try {
            if (Files.exists(file)) {
                String text = Files.readString(file);
                String whole = text.substring(0, text.lastIndexOf('\n') + 1);
                for (String line : whole.lines().toList()) {
                    String[] c = line.split("\t");
                    values.put(new Key(c[0], Integer.parseInt(c[1]), c[2]), Double.valueOf(c[3]));
                }
                Files.writeString(file, whole);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    boolean has(String encoder, int seed, List<String> benchmarks) {
        return benchmarks.stream().allMatch(b -> values.containsKey(new Key(encoder, seed, b)));
    }

    Optional<Double> value(String encoder, int seed, String benchmark) {
        return Optional.ofNullable(values.get(new Key(encoder, seed, benchmark)));
    }

    /// Keeps a number. One that is there already was measured with others of which some were lost; it is the same.
    void put(String encoder, int seed, String benchmark, double value) {
        if (values.put(new Key(encoder, seed, benchmark), value) != null) {
            return;
        }
        try {
            Files.writeString(
                    file,
                    encoder + "\t" + seed + "\t" + benchmark + "\t" + value + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be written: " + e.getMessage(), e);
        }
    }

    /// Over all seeds.
    Summary summary(String encoder, String benchmark) {
        return Summary.of(values.entrySet().stream()
                .filter(e -> e.getKey().encoder.equals(encoder)
                        && e.getKey().benchmark.equals(benchmark))
                .mapToDouble(Map.Entry::getValue)
                .toArray());
    }
}
