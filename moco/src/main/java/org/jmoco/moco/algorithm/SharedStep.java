package org.jmoco.moco.algorithm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jmoco.nn.optim.GradientSum;
import org.jmoco.nn.optim.Sgd;
import org.jmoco.nn.processes.OrderedSum;
import org.jmoco.nn.processes.Processes;
import org.jmoco.nn.processes.Processes.Pending;
import org.jmoco.nn.processes.Slices;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Variable;

/// A training step that several processes take together, each with its own ranks, and that gives each of them
/// the bits of one process which has all ranks. It is cut between programs:
///
/// 1. key views are exchanged, then encoded; keys are gathered
/// 2. each rank's gradients are computed, and added in the order of ranks, see [OrderedSum]
/// 3. every process takes the optimiser's step for the slice of the parameters whose gradients it has added, and gets
///    the others' parameters; all enqueue the same keys
///
/// In 3 a process whose device has a memory of its own gets the others' gradients instead, and takes the whole step:
/// the parameters would have to go to the host and back. Momentum buffers that a process does not need are those of
/// some step before, until [Moco#shareState].
///
/// In 1 and 2 a process computes a part of the batch a round, see [Turns], and what a round exchanges travels
/// while the next one is computed. Batch norm's running statistics are right on process 0 alone, which has rank
/// 0.
///
/// All processes must call it at the same time: it is collective.
final class SharedStep {
    private final Processes processes;
    private final Turns turns;
    private final Ranks ranks;
    private final List<Compiled> keys = new ArrayList<>();
    private final List<Compiled> gradients = new ArrayList<>();
    private final Compiled finish;
    private final List<Variable> shuffledKeys;
    private final List<Variable> sums;
    private final List<List<GradientSum>> terms;
    private final List<OrderedSum> folds = new ArrayList<>();
    private final boolean stepsBySlices;
    private final Sgd sgd;
    private final List<ViewExchange> views = new ArrayList<>();
    private final MemorySegment outcomes;
    private long waitedNanos;

    SharedStep(Moco moco, Device device, Processes processes) {
        this.processes = processes;
        turns = Turns.of(moco.ranks(), processes);
        ranks = turns.ranks();
        StepPrograms programs = new StepPrograms(moco, ranks);
        boolean keeps = processes.number() == 0;
        int rounds = turns.rounds();
        keys.add(device.compile(programs.keys(true, keeps)));
        if (rounds > 1) {
            keys.add(device.compile(programs.keys(false, false)));
        }
        // Two sets of gradients: one is computed while the other travels.
        terms = rounds > 1 ? List.of(programs.terms(), programs.terms()) : List.of(programs.terms());
        gradients.add(device.compile(programs.gradients(keeps, terms.getFirst())));
        if (rounds > 1) {
            gradients.add(device.compile(programs.gradients(false, terms.getLast())));
        }
        if (rounds > 2) {
            gradients.add(keeps ? device.compile(programs.gradients(false, terms.getFirst())) : gradients.getFirst());
        }
        shuffledKeys = programs.shuffledKeys();
        sums = programs.sum().variables();
        for (Variable sum : sums) {
            folds.add(new OrderedSum(processes, sum.hostForWriting(), ranks.atOnce()));
        }
        sgd = moco.sgd();
        stepsBySlices = device.backend().worksInHostMemory();
        finish = device.compile(stepsBySlices ? programs.finish(ownStretches()) : programs.finish());
        for (int pass = 0; pass < moco.passes(); pass++) {
            views.add(new ViewExchange(processes, turns, moco.pixels().size()));
        }
        outcomes = Arena.ofAuto().allocate(ValueLayout.JAVA_FLOAT, 2L * ranks.count());
    }

    List<Compiled> programs() {
        List<Compiled> all = new ArrayList<>(keys);
        gradients.stream().filter(p -> !all.contains(p)).forEach(all::add);
        all.add(finish);
        return List.copyOf(all);
    }

    /// How long the last step stood still: for what the others had not sent yet, or the network not brought.
    double waitedMillis() {
        return waitedNanos / 1e6;
    }

    /// @param title of the step, for messages about a process that does not come
    Outcome run(String title, List<Pass> passes, float learningRate, long viewBytes) {
        waitedNanos = 0;
        processes.phase(title + ", keys");
        encodeKeys(passes);
        processes.phase(title + ", gradients");
        addGradients(passes, viewBytes);
        for (Pass pass : passes) {
            finish.feed(pass.label("unshuffle"), pass.unshuffle());
        }
        finish.feed("learningRate", learningRate).run();
        if (stepsBySlices) {
            List<MemorySegment> parameters = sgd.flatParameters();
            await(() -> {
                for (int i = 0; i < folds.size(); i++) {
                    processes.gather(parameters.get(i), folds.get(i).slices());
                }
            });
        }
        processes.phase(title + ", losses");
        return outcome();
    }

    private void encodeKeys(List<Pass> passes) {
        Pending coming = exchange(passes, 0);
        for (int round = 0; round < turns.rounds(); round++) {
            await(coming);
            if (round + 1 < turns.rounds()) {
                coming = exchange(passes, round + 1);
            }
            Compiled program = keys.get(Math.min(round, 1));
            for (Pass pass : passes) {
                views.get(pass.number()).take(pass, round, program.input(pass.label("key")));
            }
            program.feed("offset", turns.first(round, turns.number())).run();
        }
        for (Variable all : shuffledKeys) {
            MemorySegment rows = all.hostForWriting();
            long rowBytes = (long) all.shape().dim(1) * Float.BYTES;
            long roundBytes = turns.count() * ranks.partSize() * rowBytes;
            Slices parts = Slices.even(turns.count(), (long) turns.count() * ranks.partSize(), rowBytes);
            for (int round = 0; round < turns.rounds(); round++) {
                MemorySegment ofRound = rows.asSlice(round * roundBytes, roundBytes);
                await(() -> processes.gather(ofRound, parts));
            }
        }
    }

    private Pending exchange(List<Pass> passes, int round) {
        List<Runnable> calls = passes.stream()
                .map(pass -> views.get(pass.number()).prepare(pass, round))
                .toList();
        return processes.inBackground(() -> calls.forEach(Runnable::run));
    }

    private void addGradients(List<Pass> passes, long viewBytes) {
        sums.forEach(Variable::hostForWriting);
        Pending under = () -> {};
        for (int round = 0; round < turns.rounds(); round++) {
            Compiled program = gradients.get(round == 0 ? 0 : 2 - round % 2);
            int first = turns.first(round, turns.number());
            for (Pass pass : passes) {
                MemorySegment to = program.input(pass.label("query"));
                MemorySegment.copy(pass.queries(), first * viewBytes, to, 0, to.byteSize());
                program.feed(
                        pass.label("unshuffle"), Arrays.copyOfRange(pass.unshuffle(), first, first + ranks.partSize()));
            }
            program.run();
            keep(program, round);
            await(under);
            under = fold(terms.get(round % 2));
        }
        await(under);
        if (stepsBySlices) {
            folds.forEach(OrderedSum::keep);
        } else {
            await(() -> folds.forEach(OrderedSum::share));
            sums.forEach(Variable::hostForWriting);
        }
    }

    /// Of each optimiser group the parameters whose gradients this process adds.
    private List<GradientSum.Stretch> ownStretches() {
        int own = processes.number();
        return folds.stream()
                .map(OrderedSum::slices)
                .map(s -> new GradientSum.Stretch(Math.toIntExact(s.start(own)), Math.toIntExact(s.size(own))))
                .toList();
    }

    /// Adds a round's gradients behind the computation.
    private Pending fold(List<GradientSum> ofRound) {
        List<List<MemorySegment>> bySum = new ArrayList<>();
        for (int i = 0; i < sums.size(); i++) {
            int group = i;
            bySum.add(ofRound.stream().map(t -> t.variables().get(group).host()).toList());
        }
        return processes.inBackground(() -> {
            for (int i = 0; i < folds.size(); i++) {
                folds.get(i).add(bySum.get(i));
            }
        });
    }

    /// Losses and accuracies of this process's ranks in a round.
    private void keep(Compiled program, int round) {
        float[] losses = program.floats("losses");
        float[] accuracies = program.floats("accuracies");
        for (int i = 0; i < ranks.atOnce(); i++) {
            long at = 2L * (turns.ownPart(round) * ranks.atOnce() + i);
            outcomes.setAtIndex(ValueLayout.JAVA_FLOAT, at, losses[i]);
            outcomes.setAtIndex(ValueLayout.JAVA_FLOAT, at + 1, accuracies[i]);
        }
    }

    private Outcome outcome() {
        long rankBytes = 2L * Float.BYTES;
        long roundRanks = (long) turns.count() * ranks.atOnce();
        Slices parts = Slices.even(turns.count(), roundRanks, rankBytes);
        for (int round = 0; round < turns.rounds(); round++) {
            MemorySegment ofRound = outcomes.asSlice(round * roundRanks * rankBytes, roundRanks * rankBytes);
            await(() -> processes.gather(ofRound, parts));
        }
        float[] losses = new float[ranks.count()];
        float[] accuracies = new float[ranks.count()];
        for (int rank = 0; rank < losses.length; rank++) {
            losses[rank] = outcomes.getAtIndex(ValueLayout.JAVA_FLOAT, 2L * rank);
            accuracies[rank] = outcomes.getAtIndex(ValueLayout.JAVA_FLOAT, 2L * rank + 1);
        }
        return Outcome.mean(losses, accuracies);
    }

    private void await(Pending calls) {
        long start = System.nanoTime();
        calls.await();
        waitedNanos += System.nanoTime() - start;
    }
}
