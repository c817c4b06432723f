package org.jmoco.tensor.backend.tornado;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.VariableGroup;
import org.jmoco.tensor.plan.Buffer;
import org.jmoco.tensor.plan.Plan;

/// What plans need that a device does not hold already, and what it then holds.
final class Demand {
    private final DeviceMap map;
    private final Limits limits;
    private final Needs variables = new Needs();
    private final Needs exchanged = new Needs();
    private final Needs area = new Needs();
    private final List<Long> arenas; // beyond the first

    /// @param available bytes that the device has
    /// @param piece     bytes that one array of it can hold
    record Limits(long available, long piece) {}

    /// @param present variables that lie on the device
    Demand(DeviceMap map, Collection<VariableGroup> present, Limits limits, List<Plan> plans) {
        this.map = map;
        this.limits = limits;
        arenas = new ArrayList<>(map.further());
        Set<VariableGroup> counted = new HashSet<>(present);
        Map<DType, Long> largest = new EnumMap<>(DType.class);
        for (Plan plan : plans) {
            count(plan, counted, variables, exchanged);
            plan.activations().forEach((dtype, elements) -> largest.merge(dtype, elements, Math::max));
            for (int i = 0; i < plan.further().size(); i++) {
                long elements = MemoryMap.rounded(plan.further().get(i));
                if (i < arenas.size()) {
                    arenas.set(i, Math.max(arenas.get(i), elements));
                } else {
                    arenas.add(elements);
                }
            }
        }
        largest.forEach((dtype, elements) -> area.add(dtype, Math.max(0, elements - map.activationElements(dtype))));
    }

    /// Counts what a plan keeps.
    ///
    /// @param present   variables that count no more; those of the plan are added
    /// @param exchanged inputs, outputs and constants
    static void count(Plan plan, Set<VariableGroup> present, Needs variables, Needs exchanged) {
        plan.buffers().forEach(buffer -> {
            switch (buffer) {
                case Buffer.State s when present.add(s.group()) -> variables.add(s.dtype(), s.size());
                case Buffer.InputOutput io -> exchanged.add(io.dtype(), io.size());
                case Buffer.Fixed f -> exchanged.add(f.dtype(), f.size());
                default -> {}
            }
        });
    }

    /// Floats of the first arena.
    long floats() {
        return map.floats().taken() + variables.floats + exchanged.floats + area.floats;
    }

    long ints() {
        return map.ints().taken() + variables.ints + exchanged.ints + area.ints;
    }

    /// Floats of the arenas beyond the first.
    List<Long> further() {
        return arenas;
    }

    long bytes() {
        return (floats() + ints() + sum(arenas)) * Float.BYTES;
    }

    long variables() {
        return variables.bytes();
    }

    /// Bytes of inputs, outputs and constants.
    long exchanged() {
        return exchanged.bytes();
    }

    /// Bytes of activations.
    long between() {
        return area.bytes() + (sum(arenas) - sum(map.further())) * Float.BYTES;
    }

    /// Bytes of the larger one of the first arenas; further ones are planned to be no larger than they may.
    long largest() {
        return Math.max(floats(), ints()) * Float.BYTES;
    }

    /// Bytes beyond what the device has, in one piece or in all; 0 or less if it has enough.
    long lacking() {
        return Math.max(largest() - limits.piece(), bytes() - limits.available());
    }

    boolean fits() {
        return lacking() <= 0;
    }

    static long sum(List<Long> sizes) {
        return sizes.stream().mapToLong(Long::longValue).sum();
    }

    /// Elements in the first arenas.
    static final class Needs {
        private long floats;
        private long ints;

        void add(DType dtype, long elements) {
            if (dtype == DType.F32) {
                floats += MemoryMap.rounded(elements);
            } else {
                ints += MemoryMap.rounded(elements);
            }
        }

        long bytes() {
            return (floats + ints) * Float.BYTES;
        }
    }
}
