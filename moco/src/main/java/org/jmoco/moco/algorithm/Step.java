package org.jmoco.moco.algorithm;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jmoco.nn.processes.Processes;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.Device;

/// One training step, compiled for a device: a single program if all ranks are computed at once, else a few that
/// are run for each part of the batch and give the same bits with less memory, or that several processes share
/// out among them.
///
/// Not for use by two threads at once.
public final class Step {
    private final Moco moco;
    private final Ranks ranks;
    private final Compiled whole;
    private final List<Compiled> keys;
    private final List<Compiled> queries;
    private final Compiled finish;
    private final SharedStep shared;
    private String title = "a step";

    Step(Moco moco, Device device, Processes processes) {
        this.moco = moco;
        this.ranks = moco.ranks();
        StepPrograms programs = new StepPrograms(moco);
        device.memoryMode(moco.config().memory());
        boolean together = processes.count() > 1;
        boolean one = !together && ranks.parts() == 1;
        boolean parts = !together && !one;
        shared = together ? new SharedStep(moco, device, processes) : null;
        whole = one ? device.compile(programs.whole()) : null;
        keys = parts
                ? List.of(device.compile(programs.keys(true, true)), device.compile(programs.keys(false, false)))
                : List.of();
        queries = parts
                ? List.of(device.compile(programs.queries(true)), device.compile(programs.queries(false)))
                : List.of();
        finish = parts ? device.compile(programs.finish()) : null;
    }

    /// The programs this step consists of, for profiles and reports of memory.
    public List<Compiled> programs() {
        if (shared != null) {
            return shared.programs();
        }
        if (whole != null) {
            return List.of(whole);
        }
        List<Compiled> all = new ArrayList<>(keys);
        all.addAll(queries);
        all.add(finish);
        return List.copyOf(all);
    }

    /// The share of the step's work that is done again to need less memory; as a rule 0.
    public double repeated() {
        return programs().stream().mapToDouble(p -> p.plan().repeated()).max().orElse(0);
    }

    /// Names the steps that follow, `step 12`, in messages about a process that does not come.
    public void title(String name) {
        title = name;
    }

    /// How long the last step stood still for other processes and the network to them; 0 without others.
    public double waitedMillis() {
        return shared == null ? 0 : shared.waitedMillis();
    }

    /// Trains on one batch of views as bytes, `[batch, height, width, 3]` each; view i of both is of the same
    /// image.
    ///
    /// Of several processes, which all call it together, each needs the views of its own ranks alone, in their
    /// places, see [Moco#owns].
    ///
    /// @param permutation  see [Moco#permutation]
    /// @param learningRate of this step
    public Outcome run(byte[] queryViews, byte[] keyViews, int[] permutation, float learningRate) {
        return run(MemorySegment.ofArray(queryViews), MemorySegment.ofArray(keyViews), permutation, learningRate);
    }

    /// As the other one, with views in memory: bytes, or floats as the machine has them if [Pixels] says so.
    ///
    /// @throws IllegalArgumentException if a size is wrong or `permutation` is none
    public Outcome run(MemorySegment queryViews, MemorySegment keyViews, int[] permutation, float learningRate) {
        requireViews("query", queryViews);
        requireViews("key", keyViews);
        if (permutation.length != moco.passes() * ranks.batch()) {
            throw new IllegalArgumentException(
                    "permutation: expected " + moco.passes() * ranks.batch() + " entries, got " + permutation.length);
        }
        List<Pass> passes = new ArrayList<>();
        passes.add(new Pass(0, queryViews, keyViews, Arrays.copyOf(permutation, ranks.batch())));
        if (moco.passes() == 2) {
            passes.add(new Pass(
                    1, keyViews, queryViews, Arrays.copyOfRange(permutation, ranks.batch(), permutation.length)));
        }
        if (shared != null) {
            return shared.run(title, passes, learningRate, moco.pixels().size());
        }
        return whole != null ? wholeBatch(passes, learningRate) : inParts(passes, learningRate);
    }

    private void requireViews(String which, MemorySegment views) {
        long expected = ranks.batch() * moco.pixels().size();
        if (views.byteSize() != expected) {
            throw new IllegalArgumentException(which + " views: expected " + ranks.batch() + " of "
                    + moco.pixels().height() + "×" + moco.pixels().width() + " in " + expected + " bytes, got "
                    + views.byteSize() + " bytes");
        }
    }

    private Outcome wholeBatch(List<Pass> passes, float learningRate) {
        for (Pass pass : passes) {
            feedKeys(whole, pass, 0);
            feedQueries(whole, pass, 0);
            whole.feed(pass.label("unshuffle"), pass.unshuffle());
        }
        whole.feed("learningRate", learningRate).run();
        return Outcome.mean(whole.floats("losses"), whole.floats("accuracies"));
    }

    private Outcome inParts(List<Pass> passes, float learningRate) {
        int size = ranks.partSize();
        for (int part = 0; part < ranks.parts(); part++) {
            Compiled program = keys.get(Math.min(part, 1));
            for (Pass pass : passes) {
                feedKeys(program, pass, part * size);
            }
            program.feed("offset", part * size).run();
        }
        float[] losses = new float[ranks.count()];
        float[] accuracies = new float[ranks.count()];
        for (int part = 0; part < ranks.parts(); part++) {
            Compiled program = queries.get(Math.min(part, 1));
            for (Pass pass : passes) {
                feedQueries(program, pass, part * size);
                program.feed(
                        pass.label("unshuffle"), Arrays.copyOfRange(pass.unshuffle(), part * size, (part + 1) * size));
            }
            program.run();
            System.arraycopy(program.floats("losses"), 0, losses, part * ranks.atOnce(), ranks.atOnce());
            System.arraycopy(program.floats("accuracies"), 0, accuracies, part * ranks.atOnce(), ranks.atOnce());
        }
        for (Pass pass : passes) {
            finish.feed(pass.label("unshuffle"), pass.unshuffle());
        }
        finish.feed("learningRate", learningRate).run();
        return Outcome.mean(losses, accuracies);
    }

    private void feedQueries(Compiled program, Pass pass, int first) {
        long bytes = ranks.partSize() * moco.pixels().size();
        MemorySegment.copy(pass.queries(), first * moco.pixels().size(), program.input(pass.label("query")), 0, bytes);
    }

    /// The views `first` … of the shuffled order.
    private void feedKeys(Compiled program, Pass pass, int first) {
        long size = moco.pixels().size();
        MemorySegment to = program.input(pass.label("key"));
        for (int j = 0; j < ranks.partSize(); j++) {
            MemorySegment.copy(pass.keys(), pass.permutation()[first + j] * size, to, j * size, size);
        }
    }
}
