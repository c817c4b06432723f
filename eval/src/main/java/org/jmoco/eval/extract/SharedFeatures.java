package org.jmoco.eval.extract;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jmoco.nn.processes.Processes;
import org.jmoco.nn.processes.Slices;

/// Features that several processes compute together: the batches of a data set go round among them.
final class SharedFeatures {
    /// Of no image.
    static final FeatureBatch NONE = new FeatureBatch(Map.of(), new int[0], new int[0]);

    private final Processes processes;
    private final List<Tap> taps;

    SharedFeatures(Processes processes, List<Tap> taps) {
        this.processes = processes;
        this.taps = List.copyOf(taps);
    }

    /// How many processes there are.
    int count() {
        return processes.count();
    }

    /// Whether this process computes a batch.
    ///
    /// @param batch counted from the first one that is computed at all
    boolean isOwn(int batch) {
        return batch % processes.count() == processes.number();
    }

    /// What process 0 has, on all. Collective.
    int ofFirst(int value) {
        return processes.count() == 1
                ? value
                : ByteBuffer.wrap(processes
                                .gather(ByteBuffer.allocate(Integer.BYTES)
                                        .putInt(value)
                                        .array())
                                .getFirst())
                        .getInt();
    }

    /// The batches of all processes, in their order. Collective.
    ///
    /// @param own valid until the next batch is computed, as those are that come back
    List<FeatureBatch> ofAll(FeatureBatch own) {
        if (processes.count() == 1) {
            return List.of(own);
        }
        processes.phase("features");
        List<IntBuffer> described = processes.gather(describe(own)).stream()
                .map(bytes -> ByteBuffer.wrap(bytes).asIntBuffer())
                .toList();
        int[] sizes = described.stream().mapToInt(IntBuffer::get).toArray();
        List<FeatureBatch> batches = new ArrayList<>();
        for (int p = 0; p < sizes.length; p++) {
            batches.add(new FeatureBatch(
                    new LinkedHashMap<>(), ints(described.get(p), sizes[p]), ints(described.get(p), sizes[p])));
        }
        for (Tap tap : taps) {
            int floats = described.stream().mapToInt(IntBuffer::get).max().orElse(0);
            gather(tap, (long) floats * Float.BYTES, own, batches);
        }
        return batches;
    }

    /// How many images, their classes and indices, and the floats of a row of each tap.
    private byte[] describe(FeatureBatch own) {
        int n = own.size();
        ByteBuffer bytes = ByteBuffer.allocate((1 + 2 * n + taps.size()) * Integer.BYTES);
        IntBuffer ints = bytes.asIntBuffer();
        ints.put(n).put(own.labels()).put(own.indices());
        for (Tap tap : taps) {
            ints.put(n == 0 ? 0 : (int) (own.rows().get(tap).byteSize() / Float.BYTES / n));
        }
        return bytes.array();
    }

    private static int[] ints(IntBuffer from, int count) {
        int[] values = new int[count];
        from.get(values);
        return values;
    }

    private void gather(Tap tap, long rowBytes, FeatureBatch own, List<FeatureBatch> batches) {
        if (rowBytes == 0) {
            return; // nobody could read an image
        }
        Slices slices = Slices.adjacent(
                rowBytes, batches.stream().mapToLong(FeatureBatch::size).toArray());
        MemorySegment all = Arena.ofAuto().allocate(slices.extent(), Float.BYTES);
        if (own.size() > 0) {
            MemorySegment.copy(
                    own.rows().get(tap),
                    0,
                    all,
                    slices.startByte(processes.number()),
                    slices.bytes(processes.number()));
        }
        processes.gather(all, slices);
        for (int p = 0; p < batches.size(); p++) {
            batches.get(p).rows().put(tap, all.asSlice(slices.startByte(p), slices.bytes(p)));
        }
    }

    /// The lines of all processes, each once. Collective.
    List<String> ofAll(List<String> lines) {
        if (processes.count() == 1) {
            return lines;
        }
        Set<String> all = new LinkedHashSet<>();
        for (byte[] text : processes.gather(String.join("\n", lines).getBytes(StandardCharsets.UTF_8))) {
            new String(text, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isEmpty())
                    .forEach(all::add);
        }
        return List.copyOf(all);
    }
}
