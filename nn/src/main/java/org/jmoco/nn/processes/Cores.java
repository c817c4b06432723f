package org.jmoco.nn.processes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The cores that a process may use, and those that its launcher may. A launcher that binds gives each process a part
/// of its own, by default a single core when there are two processes: a program of many threads would run on one.
///
/// @param allowed  cores of this process
/// @param launcher cores of the process that has started it
public record Cores(BitSet allowed, BitSet launcher) {
    private static final Path PROC = Path.of("/proc");

    /// Those of this process; nothing where the system does not tell.
    private static Optional<Cores> here() {
        return ProcessHandle.current().parent().flatMap(parent -> {
            Optional<BitSet> allowed = of("self");
            Optional<BitSet> launcher = of(Long.toString(parent.pid()));
            return allowed.isPresent() && launcher.isPresent()
                    ? Optional.of(new Cores(allowed.get(), launcher.get()))
                    : Optional.empty();
        });
    }

    private static Optional<BitSet> of(String process) {
        try {
            return Files.readAllLines(PROC.resolve(process).resolve("status")).stream()
                    .filter(line -> line.startsWith("Cpus_allowed_list:"))
                    .findFirst()
                    .map(line -> parse(line.substring(line.indexOf(':') + 1).strip()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// From the kernel's way to write it: `0-3,8`.
    static BitSet parse(String list) {
        BitSet cores = new BitSet();
        for (String range : list.split(",", -1)) {
            String[] ends = range.split("-", -1);
            if (!range.isEmpty()) {
                cores.set(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]) + 1);
            }
        }
        return cores;
    }

    /// For a message to the others: `0,1 0,1,2,3`.
    private String text() {
        return text(allowed) + " " + text(launcher);
    }

    private static String text(BitSet cores) {
        return String.join(",", cores.stream().mapToObj(Integer::toString).toList());
    }

    private static Cores of(byte[] text) {
        String[] parts = new String(text, StandardCharsets.UTF_8).split(" ", -1);
        return new Cores(parse(parts[0]), parse(parts[1]));
    }

    /// Those of every process, by number. Collective.
    public static List<Cores> gather(Processes processes) {
        Cores own = here().orElseGet(() -> {
            BitSet all = new BitSet();
            all.set(0, Runtime.getRuntime().availableProcessors());
            return new Cores(all, all);
        });
        return processes.gather(own.text().getBytes(StandardCharsets.UTF_8)).stream()
                .map(Cores::of)
                .toList();
    }

    /// A line for each machine of which the launcher leaves cores unused, with what to do.
    public static List<String> unused(List<String> hosts, List<Cores> cores) {
        Map<String, BitSet> used = new LinkedHashMap<>();
        Map<String, BitSet> offered = new LinkedHashMap<>();
        Map<String, Integer> processes = new LinkedHashMap<>();
        for (int p = 0; p < hosts.size(); p++) {
            used.computeIfAbsent(hosts.get(p), h -> new BitSet())
                    .or(cores.get(p).allowed());
            offered.computeIfAbsent(hosts.get(p), h -> new BitSet())
                    .or(cores.get(p).launcher());
            processes.merge(hosts.get(p), 1, Integer::sum);
        }
        List<String> lines = new ArrayList<>();
        used.forEach((host, mine) -> {
            int all = offered.get(host).cardinality();
            if (mine.cardinality() < all) {
                int n = processes.get(host);
                lines.add((n == 1 ? "the process on " : "the " + n + " processes on ") + host + " may use "
                        + mine.cardinality() + " of " + all + " cores, because the launcher binds "
                        + (n == 1 ? "it" : "them") + ": start with mpirun --bind-to none, or srun with more cores a "
                        + "task (-c)");
            }
        });
        return lines;
    }
}
