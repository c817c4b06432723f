package org.jmoco.moco.pretrain;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jmoco.eval.extract.Encoder;
import org.jmoco.moco.config.ConfigText;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.nn.processes.Processes;
import org.jmoco.nn.train.SameProgram;
import org.jmoco.tensor.Device;

/// Whether the processes of a run would compute the same: configuration, images, program, Java, and the kind of
/// device with the width of its vectors must be equal. Where the data lies and how many threads there are may
/// differ.
public final class SameRun {
    private static final Set<String> OWN = Set.of("data.path", "data.list", "data.workers");

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
        SameProgram.require(processes, own, device, SameRun.class, Encoder.class);
    }
}
