package org.jmoco.moco.algorithm;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jmoco.nn.data.source.BundledSample;
import org.jmoco.nn.data.source.InMemoryImages;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.SafeTensors;

/// Views as `make_parity.py` describes them: crops of the bundled images, mirrored or not.
final class CropViews {
    private static final int IMAGE_SIDE = 32;
    private static final InMemoryImages IMAGES = BundledSample.train();

    private final SafeTensors fixture;
    private final int side;

    CropViews(SafeTensors fixture, int side) {
        this.fixture = fixture;
        this.side = side;
    }

    static SafeTensors fixture(String name) {
        try (InputStream in = CropViews.class.getResourceAsStream(name)) {
            return SafeTensors.parse(name, MemorySegment.ofArray(in.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What a fixture holds of a run's beginning.
    static Map<String, ArrayData> start(SafeTensors fixture) {
        Map<String, ArrayData> start = new LinkedHashMap<>(fixture.arrays());
        start.keySet().removeIf(name -> !name.startsWith("encoder_q.") && !name.equals("queue"));
        return start;
    }

    /// One view of each image of a batch, bytes.
    ///
    /// @param which 0 for queries, 1 for keys
    byte[] views(int step, int which) {
        ArrayData images = fixture.get("images");
        ArrayData crops = fixture.get("crops"); // [steps, 2, batch, left top mirrored]
        int batch = (int) images.dim(1);
        byte[] views = new byte[batch * side * side * 3];
        for (int i = 0; i < batch; i++) {
            byte[] image =
                    IMAGES.load((int) images.longAt((long) step * batch + i)).rgb();
            long crop = 3L * ((2L * step + which) * batch + i);
            boolean mirrored = crops.longAt(crop + 2) == 1;
            for (int y = 0; y < side; y++) {
                for (int x = 0; x < side; x++) {
                    int fromX = (int) crops.longAt(crop) + (mirrored ? side - 1 - x : x);
                    int fromY = (int) crops.longAt(crop + 1) + y;
                    System.arraycopy(
                            image, 3 * (fromY * IMAGE_SIDE + fromX), views, 3 * ((i * side + y) * side + x), 3);
                }
            }
        }
        return views;
    }

    /// The permutations of a step, for so many passes.
    int[] permutation(int step, int passes) {
        ArrayData all = fixture.get("permutations"); // [steps, at least as many passes, batch]
        int[] permutation = new int[(int) (passes * all.dim(2))];
        for (int j = 0; j < permutation.length; j++) {
            permutation[j] = (int) all.longAt(step * all.dim(1) * all.dim(2) + j);
        }
        return permutation;
    }
}
