package org.jmoco.moco.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jmoco.tensor.backend.jvm.BlockingTuner;
import org.jmoco.tensor.backend.jvm.runtime.Blocking;
import org.jmoco.tensor.backend.jvm.runtime.TunedBlocking;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `jmoco tune`: how much the kernels of the JVM backend work on at a time, measured on this machine.
@Command(
        name = "tune",
        description = {
            "Measures how much the matrix products and convolutions of the JVM backend should work on at a "
                    + "time, and keeps that for this machine.",
            "Without it the size of the second cache level decides. Results are the same to the bit; only "
                    + "time differs. Best on a machine at rest."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example: jmoco tune"})
public final class TuneCommand implements Runnable {
    @Option(
            names = "--threads",
            paramLabel = "N",
            converter = Count.OfThreads.class,
            description = "threads to measure with (default: all cores)")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--forget", description = "go back to what the cache's size suggests")
    private boolean forget;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        TunedBlocking kept = TunedBlocking.ofThisMachine();
        try {
            if (forget) {
                kept.delete();
                out.println("the size of the cache decides again");
                return;
            }
            BlockingTuner.Result result = BlockingTuner.tune(threads);
            for (BlockingTuner.Trial t : result.trials()) {
                List<String> times = new ArrayList<>();
                for (int i = 0; i < t.tried().size(); i++) {
                    times.add(String.format(
                            Locale.ROOT,
                            "%,d: %.2f ms",
                            t.tried().get(i),
                            t.millis().get(i)));
                }
                out.println(t.what() + ": " + String.join(", ", times) + "; takes "
                        + String.format(Locale.ROOT, "%,d", t.chosen()));
            }
            Blocking chosen = result.chosen();
            kept.write(chosen);
            out.println("kept in " + kept.file());
            out.println("result rows=" + chosen.rows() + " windows=" + chosen.windows() + " tiles=" + chosen.tiles());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    kept.file() + " cannot be written: " + e.getMessage() + "; name another folder in XDG_CACHE_HOME",
                    e);
        }
    }
}
