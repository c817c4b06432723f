package org.jmoco.moco.algorithm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jmoco.moco.config.MocoConfig;
import org.jmoco.moco.config.MocoConfig.Model.Head;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.FormatException;
import org.jmoco.tensor.io.SafeTensors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayViewsTest {
    private static final int STEPS = 2;
    private static final int BATCH = 16;
    private static final int VIEW = Small.SIDE * Small.SIDE * 3;

    @TempDir
    private Path folder;

    private final Map<String, ArrayData> arrays = new HashMap<>();

    @BeforeEach
    void views() {
        float[] query = new float[STEPS * BATCH * VIEW];
        float[] key = new float[query.length];
        long[] permutation = new long[STEPS * BATCH];
        for (int step = 0; step < STEPS; step++) {
            for (int i = 0; i < BATCH * VIEW; i++) {
                query[step * BATCH * VIEW + i] = normalized(Small.views(BATCH, step, 0), i);
                key[step * BATCH * VIEW + i] = normalized(Small.views(BATCH, step, 1), i);
            }
            int[] order = Shuffle.of(5, step, BATCH, 1);
            for (int j = 0; j < BATCH; j++) {
                permutation[step * BATCH + j] = order[j];
            }
        }
        arrays.put("query", ArrayData.ofFloats(query, STEPS, BATCH, Small.SIDE, Small.SIDE, 3));
        arrays.put("key", ArrayData.ofFloats(key, STEPS, BATCH, Small.SIDE, Small.SIDE, 3));
        arrays.put("permutation", ArrayData.ofLongs(permutation, STEPS, BATCH));
    }

    private static float normalized(byte[] pixels, int i) {
        float mean = new float[] {0.4914f, 0.4822f, 0.4465f}[i % 3];
        float std = new float[] {0.2023f, 0.1994f, 0.2010f}[i % 3];
        return ((pixels[i] & 0xFF) / 255f - mean) / std;
    }

    private ReplayViews read(MocoConfig config) {
        Path file = folder.resolve("views.safetensors");
        SafeTensors.write(file, arrays, Map.of());
        return ReplayViews.read(file, config);
    }

    @Test
    void replayedFloatsGiveTheBitsOfTheBytesTheyWereMadeFrom() {
        MocoConfig config = Small.config(4, 2);
        ReplayViews views = read(config);
        assertEquals(STEPS, views.steps());
        Moco replayed = new Moco(config, views.pixels());
        Step replay = replayed.on(Device.current());
        Moco moco = new Moco(config, Small.PIXELS);
        Step step = moco.on(Device.current());
        for (int i = 0; i < STEPS; i++) {
            assertEquals(
                    Small.step(moco, step, i),
                    replay.run(views.query(i), views.key(i), views.permutation(i), Small.RATE));
        }
        assertEquals(List.of(), Small.differences(moco.save(), replayed.save()));
        assertEquals(
                arrays.get("key").payload().get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * BATCH * VIEW),
                views.key(1).get(ValueLayout.JAVA_FLOAT_UNALIGNED, 0));
    }

    @Test
    void whatDoesNotFitIsNamed() {
        MocoConfig config = Small.config(1, 1);
        refused("its batches have 16 views, the configuration has batch 4; set batch=16", Small.oneOf(4));
        refused(
                "permutation is I64[2, 16], expected I64[2, 32] for the symmetric loss",
                Small.config(Head.MLP, 1, 1, 1, true));
        ArrayData key = arrays.put("key", ArrayData.ofFloats(new float[VIEW], 1, 1, Small.SIDE, Small.SIDE, 3));
        refused("query is F32[2, 16, 8, 8, 3], key is F32[1, 1, 8, 8, 3]; they must have one shape", config);
        arrays.put("key", ArrayData.ofDoubles(new double[1]));
        refused("key is F64[1], expected F32[steps, batch, height, width, 3]", config);
        arrays.put("key", key);
        arrays.remove("permutation");
        refused("has no array permutation, I64[steps, batch]; it has [key, query]", config);
        arrays.put("query", ArrayData.ofFloats(new float[4], 4));
        arrays.put("permutation", ArrayData.ofLongs(new long[4]));
        refused("query is F32[4], expected [steps, batch, height, width, 3]", config);
    }

    @Test
    void whatIsNoPermutationIsNamedWithItsStep() {
        arrays.put("permutation", ArrayData.ofLongs(new long[STEPS * BATCH], STEPS, BATCH));
        ReplayViews views = read(Small.config(1, 1));
        String message =
                assertThrows(FormatException.class, () -> views.permutation(1)).getMessage();
        assertEquals(
                folder.resolve("views.safetensors")
                        + ": permutation of step 1: not a permutation of 0 … 15: entry 1 is 0",
                message);
    }

    private void refused(String message, MocoConfig config) {
        assertEquals(
                folder.resolve("views.safetensors") + ": " + message,
                assertThrows(FormatException.class, () -> read(config)).getMessage());
    }
}
