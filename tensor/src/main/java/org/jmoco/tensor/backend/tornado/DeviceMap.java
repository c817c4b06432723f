package org.jmoco.tensor.backend.tornado;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.plan.Plan;

/// What lies where in a device's arenas.
///
/// Stretches of the first arenas, one of floats and one of integers, are taken for variables, for inputs, outputs and
/// constants of each program, and once for the activations of the largest one. Further arenas of floats hold nothing
/// but activations.
final class DeviceMap {
    private final MemoryMap floats = new MemoryMap();
    private final MemoryMap ints = new MemoryMap();
    private final Map<DType, Activations> activations = new EnumMap<>(DType.class);
    private final List<Long> further = new ArrayList<>(); // floats of the arenas beyond the first
    private final ReferenceQueue<Object> forgotten = new ReferenceQueue<>();
    private final Map<Reference<?>, List<Stretch>> stretches = new HashMap<>();

    private record Activations(int offset, long size) {}

    /// Memory that goes back when its owner is no longer reachable.
    record Stretch(DType dtype, int offset) {}

    DeviceMap() {
        floats.take(Constants.CAPACITY);
    }

    /// Sets memory apart. It is allocated when the first program runs that needs it.
    ///
    /// @return the offset in its arena
    int take(DType dtype, long elements) {
        releaseForgotten();
        return map(dtype).take(elements);
    }

    void release(DType dtype, int offset) {
        map(dtype).release(offset);
    }

    /// Gives back all stretches that the list holds, and leaves it empty.
    void release(List<Stretch> taken) {
        taken.forEach(stretch -> release(stretch.dtype(), stretch.offset()));
        taken.clear();
    }

    /// Ties stretches to an owner.
    ///
    /// @param taken what goes back when the owner is forgotten; its content then counts
    void owns(Object owner, List<Stretch> taken) {
        stretches.put(new WeakReference<>(owner, forgotten), taken);
    }

    void releaseForgotten() {
        for (Reference<?> gone = forgotten.poll(); gone != null; gone = forgotten.poll()) {
            release(stretches.remove(gone));
        }
    }

    /// Makes room for a program's activations.
    ///
    /// @return whether those of other programs have moved
    boolean grow(Plan plan) {
        boolean moved = false;
        for (Map.Entry<DType, Long> wanted : plan.activations().entrySet()) {
            moved |= grow(wanted.getKey(), wanted.getValue());
        }
        for (int i = 0; i < plan.further().size(); i++) {
            if (i == further.size()) {
                further.add(0L);
            }
            further.set(
                    i, Math.max(further.get(i), MemoryMap.rounded(plan.further().get(i))));
        }
        return moved;
    }

    private boolean grow(DType dtype, long elements) {
        if (activations.containsKey(dtype) && activationElements(dtype) >= elements) {
            return false;
        }
        place(dtype, elements);
        return true;
    }

    /// Makes the area of activations no larger than the largest of these programs wants.
    ///
    /// @return whether activations have moved
    boolean shrink(Collection<Plan> plans) {
        boolean moved = false;
        for (DType dtype : List.copyOf(activations.keySet())) {
            long wanted = plans.stream()
                    .mapToLong(p -> p.activations().getOrDefault(dtype, 0L))
                    .max()
                    .orElse(0);
            if (wanted < activationElements(dtype)) {
                place(dtype, wanted);
                moved = true;
            }
        }
        return moved;
    }

    private void place(DType dtype, long elements) {
        Activations present = activations.remove(dtype);
        if (present != null) {
            release(dtype, present.offset());
        }
        if (elements > 0) {
            activations.put(dtype, new Activations(take(dtype, elements), elements));
        }
    }

    /// Where a type's activations begin in its arena.
    int activations(DType dtype) {
        return activations.get(dtype).offset();
    }

    /// Elements of a type's activations in the first arena.
    long activationElements(DType dtype) {
        return activations.containsKey(dtype) ? activations.get(dtype).size() : 0;
    }

    private MemoryMap map(DType dtype) {
        return dtype == DType.F32 ? floats : ints;
    }

    MemoryMap floats() {
        return floats;
    }

    MemoryMap ints() {
        return ints;
    }

    /// Floats of the arenas beyond the first.
    List<Long> further() {
        return further;
    }

    /// Bytes that are taken.
    long bytes() {
        releaseForgotten();
        return (floats.taken() + ints.taken() + Demand.sum(further)) * Float.BYTES;
    }
}
