package org.jmoco.moco.pretrain;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.nn.processes.Processes;
import org.jmoco.nn.processes.mpi.MpiProcesses;
import org.jmoco.tensor.Device;

/// What [MpiRunTest] starts under a launcher: several short runs one after another, each into a folder of its
/// own.
public final class MpiRun {
    /// Configurations that differ in what processes exchange, for four ranks.
    static final List<List<String>> VARIANTS = List.of(
            List.of("ranks-at-once=1", "bn.splits=1"),
            List.of("ranks-at-once=2", "bn.splits=1", "contrast.symmetric=true"),
            List.of("ranks-at-once=1", "bn.splits=2"));

    private MpiRun() {}

    static MocoConfig config(int variant) {
        List<String> overrides = new java.util.ArrayList<>(
                List.of("ranks=4", "schedule.steps=3", "checkpoint.every-steps=2", "model.width=2", "data.limit=64"));
        overrides.addAll(VARIANTS.get(variant));
        return TinyRun.config(overrides.toArray(String[]::new));
    }

    /// @param args a folder, how many threads compute, the first of two variants
    public static void main(String[] args) {
        Processes processes = MpiProcesses.join(Duration.ofMinutes(2));
        try (Device device = Device.jvm(Integer.parseInt(args[1]))) {
            int first = Integer.parseInt(args[2]);
            for (int variant = first; variant < first + 2; variant++) {
                Pretraining.run(
                        config(variant),
                        TinyRun.into(Path.of(args[0], "run" + variant), device).withProcesses(processes));
            }
            processes.leave();
        } catch (RuntimeException | Error e) {
            e.printStackTrace();
            processes.abort(1);
        }
    }
}
