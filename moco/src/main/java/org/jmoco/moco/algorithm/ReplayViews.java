package org.jmoco.moco.algorithm;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.ElementType;
import org.jmoco.tensor.io.FormatException;
import org.jmoco.tensor.io.SafeTensors;

/// Ready-made batches of views, `data.kind: views`: another implementation can be run on the very same numbers.
///
/// A safetensors file with `query` and `key`, F32 `[steps, batch, height, width, 3]`, normalised; and
/// `permutation`, I64 `[steps, batch]`, or with the symmetric loss `[steps, 2·batch]`, see [Moco#permutation].
public final class ReplayViews {
    private final String file;
    private final ArrayData query;
    private final ArrayData key;
    private final ArrayData permutation;

    private ReplayViews(String file, ArrayData query, ArrayData key, ArrayData permutation) {
        this.file = file;
        this.query = query;
        this.key = key;
        this.permutation = permutation;
    }

    /// Opens a file for runs of a configuration.
    ///
    /// @throws FormatException if it is damaged, holds something else, or batches of another size
    /// @throws java.io.UncheckedIOException if it cannot be read
    public static ReplayViews read(Path file, MocoConfig config) {
        Map<String, ArrayData> arrays = SafeTensors.read(file).arrays();
        String name = file.toString();
        ArrayData query = require(name, arrays, "query", ElementType.F32, "[steps, batch, height, width, 3]");
        ArrayData key = require(name, arrays, "key", ElementType.F32, "[steps, batch, height, width, 3]");
        ArrayData permutation = require(name, arrays, "permutation", ElementType.I64, "[steps, batch]");
        long[] shape = query.shape();
        if (shape.length != 5 || shape[4] != 3 || query.count() == 0) {
            throw new FormatException(name, "query is " + query + ", expected [steps, batch, height, width, 3]");
        }
        if (!Arrays.equals(shape, key.shape())) {
            throw new FormatException(name, "query is " + query + ", key is " + key + "; they must have one shape");
        }
        if (shape[1] != config.batch()) {
            throw new FormatException(
                    name,
                    "its batches have " + shape[1] + " views, the configuration has batch " + config.batch()
                            + "; set batch=" + shape[1]);
        }
        long entries = (config.contrast().symmetric() ? 2 : 1) * shape[1];
        if (!Arrays.equals(permutation.shape(), new long[] {shape[0], entries})) {
            throw new FormatException(
                    name,
                    "permutation is " + permutation + ", expected I64[" + shape[0] + ", " + entries + "]"
                            + (config.contrast().symmetric() ? " for the symmetric loss" : ""));
        }
        return new ReplayViews(name, query, key, permutation);
    }

    private static ArrayData require(
            String file, Map<String, ArrayData> arrays, String name, ElementType type, String shape) {
        ArrayData array = arrays.get(name);
        if (array == null) {
            throw new FormatException(
                    file, "has no array " + name + ", " + type + shape + "; it has " + arrays.keySet());
        }
        if (array.type() != type) {
            throw new FormatException(file, name + " is " + array + ", expected " + type + shape);
        }
        return array;
    }

    /// How many steps there are views for.
    public int steps() {
        return Math.toIntExact(query.dim(0));
    }

    /// What the views look like.
    public Pixels pixels() {
        return Pixels.floats(Math.toIntExact(query.dim(2)), Math.toIntExact(query.dim(3)));
    }

    /// The query views of a step, as [Step#run(MemorySegment, MemorySegment, int[], float)] takes them.
    public MemorySegment query(int step) {
        return views(query, step);
    }

    /// The key views of a step, not shuffled.
    public MemorySegment key(int step) {
        return views(key, step);
    }

    private static MemorySegment views(ArrayData all, int step) {
        long bytes = all.payload().byteSize() / all.dim(0);
        return all.payload().asSlice(step * bytes, bytes);
    }

    /// The permutation of a step.
    ///
    /// @throws FormatException if it is none
    public int[] permutation(int step) {
        int batch = Math.toIntExact(query.dim(1));
        int entries = Math.toIntExact(permutation.dim(1));
        int[] all = new int[entries];
        for (int j = 0; j < entries; j++) {
            long at = permutation.longAt((long) step * entries + j);
            all[j] = (int) Math.clamp(at, -1, Integer.MAX_VALUE);
        }
        try {
            for (int from = 0; from < entries; from += batch) {
                Shuffle.inverse(Arrays.copyOfRange(all, from, from + batch));
            }
        } catch (IllegalArgumentException e) {
            throw new FormatException(file, "permutation of step " + step + ": " + e.getMessage(), e);
        }
        return all;
    }
}
