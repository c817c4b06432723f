package org.jmoco.moco.pretrain;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jmoco.nn.processes.Processes;

/// Lines that come up on several processes, each told once on all of them.
final class SharedLines {
    private final Processes processes;
    private final Set<String> all = new LinkedHashSet<>();
    private int told;

    SharedLines(Processes processes) {
        this.processes = processes;
    }

    /// Tells the others what is new here, and hears what is new there. Collective.
    ///
    /// @param own all lines of this process so far
    /// @return whether there was anything new
    boolean share(List<String> own) {
        int before = all.size();
        String fresh = String.join("\n", own.subList(told, own.size()));
        told = own.size();
        for (byte[] lines : processes.gather(fresh.getBytes(StandardCharsets.UTF_8))) {
            new String(lines, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isEmpty())
                    .forEach(all::add);
        }
        return all.size() > before;
    }

    /// All lines of all processes, in the order in which they came up.
    List<String> all() {
        return List.copyOf(all);
    }
}
