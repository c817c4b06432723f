package org.jmoco.tensor.plan;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Graph;

/// How a program runs: its kernel calls in order, and a place in memory for every value.
///
/// @param graph       the program after rewriting
/// @param steps       the kernel calls
/// @param inputs      where each input is fed
/// @param outputs     where each output is found after a run
/// @param activations elements the program needs in the activation arena of each type, floats in the first of its areas
/// @param further     floats that it needs in each further area, see [Areas]; as a rule there is none
/// @param repeated    the work done again to need less memory, as a share of all other work; see [Recompute]
public record Plan(
        Graph graph,
        List<Step> steps,
        Map<String, Place> inputs,
        Map<String, Place> outputs,
        Map<DType, Long> activations,
        List<Long> further,
        double repeated) {

    /// This plan with another share of repeated work.
    Plan withRepeated(double share) {
        return new Plan(graph, steps, inputs, outputs, activations, further, share);
    }

    /// Bytes of all activations.
    public long activationBytes() {
        return activations.entrySet().stream()
                        .mapToLong(e -> e.getValue() * e.getKey().bytes())
                        .sum()
                + further.stream()
                        .mapToLong(floats -> floats * DType.F32.bytes())
                        .sum();
    }

    /// Every buffer that the program touches, each once, in the order of their first use; inputs and outputs first.
    public SequencedSet<Buffer> buffers() {
        SequencedSet<Buffer> buffers = new LinkedHashSet<>();
        inputs.values().forEach(place -> buffers.add(place.buffer()));
        outputs.values().forEach(place -> buffers.add(place.buffer()));
        for (Step s : steps) {
            s.in().forEach(place -> buffers.add(place.buffer()));
            buffers.add(s.out().buffer());
        }
        return buffers;
    }

    /// How many steps it takes until outputs are there.
    ///
    /// @param labels of the outputs
    public int stepsUntil(Set<String> labels) {
        Set<Buffer> wanted =
                labels.stream().map(label -> outputs.get(label).buffer()).collect(Collectors.toSet());
        int last = steps.size();
        while (last > 0 && !wanted.contains(steps.get(last - 1).out().buffer())) {
            last--;
        }
        return last;
    }

    /// The inputs that some of the steps read.
    public Set<String> inputsOf(List<Step> some) {
        Set<Buffer> read =
                some.stream().flatMap(s -> s.in().stream()).map(Place::buffer).collect(Collectors.toSet());
        return inputs.keySet().stream()
                .filter(label -> read.contains(inputs.get(label).buffer()))
                .collect(Collectors.toSet());
    }

    /// Bytes of the inputs and outputs.
    public long inputOutputBytes() {
        return Stream.concat(inputs.values().stream(), outputs.values().stream())
                .map(Place::buffer)
                .distinct()
                .mapToLong(b -> b.size() * b.dtype().bytes())
                .sum();
    }

    /// Bytes of the variables the program touches.
    public long stateBytes() {
        return Stream.concat(steps.stream().map(Step::out), steps.stream().flatMap(s -> s.in().stream()))
                .map(Place::buffer)
                .filter(Buffer.State.class::isInstance)
                .distinct()
                .mapToLong(b -> b.size() * b.dtype().bytes())
                .sum();
    }
}
