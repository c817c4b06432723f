package org.jmoco.nn.processes;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Whether all processes run the same thing. With another configuration, list of images or vector width a process
/// would compute other numbers, and nothing later would tell.
public final class Agreement {
    private Agreement() {}

    /// Compares what decides a run's numbers. Collective.
    ///
    /// @param facts what each process has, by name: `data list`, `JDK`, …; short texts or hashes
    /// @throws ProcessesException on all processes if one differs from process 0, with its host and the difference
    public static void require(Processes processes, Map<String, String> facts) {
        List<String> lines = new ArrayList<>();
        facts.forEach((name, value) -> lines.add(name + "\t" + value.replaceAll("\\s+", " ")));
        byte[] mine = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
        List<byte[]> all = processes.gather(mine);
        Map<String, String> wanted = parse(all.getFirst());
        for (int p = 1; p < all.size(); p++) {
            Map<String, String> had = parse(all.get(p));
            Set<String> names = new LinkedHashSet<>(wanted.keySet());
            names.addAll(had.keySet());
            for (String name : names) {
                String value = had.getOrDefault(name, "nothing");
                String first = wanted.getOrDefault(name, "nothing");
                if (!value.equals(first)) {
                    throw new ProcessesException(
                            "process " + p + " on " + processes.hosts().get(p)
                                    + " has another " + name + " than process 0 on "
                                    + processes.hosts().getFirst() + ": " + value + " instead of " + first);
                }
            }
        }
    }

    private static Map<String, String> parse(byte[] text) {
        Map<String, String> facts = new LinkedHashMap<>();
        new String(text, StandardCharsets.UTF_8).lines().forEach(line -> {
            int tab = line.indexOf('\t');
            facts.put(line.substring(0, tab), line.substring(tab + 1));
        });
        return facts;
    }
}
