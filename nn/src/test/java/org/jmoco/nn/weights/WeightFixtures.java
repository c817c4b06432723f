package org.jmoco.nn.weights;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import org.jmoco.nn.Arch;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.Stem;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.Npy;

/// The files that `src/test/fixtures/make_weights.py` made, and its formula for their values.
public final class WeightFixtures {
    private WeightFixtures() {}

    public static byte[] bytes(String name) throws IOException {
        try (InputStream in = new GZIPInputStream(WeightFixtures.class.getResourceAsStream(name + ".gz"))) {
            return in.readAllBytes();
        }
    }

    public static Path unpack(String name, Path folder) throws IOException {
        return Files.write(folder.resolve(name), bytes(name));
    }

    public static ArrayData npy(String name) {
        try {
            return Npy.read(Path.of(WeightFixtures.class.getResource(name).toURI()));
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /// What `fill` of the script makes of a name.
    ///
    /// @param salt stands before the name in the checksum only
    public static ArrayData fill(String salt, String name, long... shape) {
        CRC32 crc = new CRC32();
        crc.update((salt + name).getBytes(StandardCharsets.UTF_8));
        long hash = crc.getValue();
        if (name.endsWith("num_batches_tracked")) {
            return ArrayData.ofLongs(new long[] {hash % 1000}).reshape();
        }
        boolean scale = name.endsWith("running_var") || name.endsWith("weight") && shape.length == 1;
        long fanIn = shape.length == 0 ? 1 : ArrayData.count(shape) / Math.max(1, shape[0]);
        float[] values = new float[(int) ArrayData.count(shape)];
        for (int i = 0; i < values.length; i++) {
            double v = (i * 7L + hash) % 31 / 15.0 - 1;
            if (name.equals("image")) {
                values[i] = (float) v;
            } else if (shape.length > 1) {
                values[i] = (float) (v * 1.5 / Math.sqrt(fanIn));
            } else {
                values[i] = (float) (scale ? 1 + 0.5 * v : 0.2 * v);
            }
        }
        return ArrayData.ofFloats(values, shape);
    }

    /// A network, and the output sizes of its head.
    public static ResNetSpec spec(Arch arch, Stem stem, int width, Integer... head) {
        return new ResNetSpec(ResNet.Config.of(arch).stem(stem).width(width), List.of(head));
    }

    /// A whole network of the formula.
    public static Map<String, ArrayData> fill(String salt, ResNetSpec spec) {
        Map<String, ArrayData> arrays = new LinkedHashMap<>();
        spec.shapes().forEach((name, shape) -> arrays.put(name, fill(salt, name, shape)));
        return arrays;
    }
}
