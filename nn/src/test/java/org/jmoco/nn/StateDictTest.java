package org.jmoco.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.SafeTensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDictTest {
    @Test
    void aConvolutionIsSavedOutputsFirst() {
        Conv2d conv = new Conv2d(2, 3, 2, 1, 0);
        conv.weight().set(countingUp(24)); // [h, w, in, out]: ((y·2 + x)·2 + i)·3 + o
        ArrayData saved = StateDict.of(conv).get("weight");
        assertArrayEquals(new long[] {3, 2, 2, 2}, saved.shape());
        for (int o = 0, at = 0; o < 3; o++) {
            for (int i = 0; i < 2; i++) {
                for (int y = 0; y < 2; y++) {
                    for (int x = 0; x < 2; x++) {
                        assertEquals(((y * 2 + x) * 2 + i) * 3 + o, saved.doubleAt(at++));
                    }
                }
            }
        }
    }

    @Test
    void aLinearLayerIsSavedOutputsFirst() {
        Linear linear = new Linear(2, 3);
        linear.weight().set(countingUp(6));
        ArrayData saved = StateDict.of(linear).get("weight");
        assertArrayEquals(new long[] {3, 2}, saved.shape());
        assertArrayEquals(new float[] {0, 3, 1, 4, 2, 5}, saved.toFloatArray());
    }

    @Test
    void whatIsSavedLoadsAgainThroughAFile(@TempDir Path folder) {
        ResNet from = new ResNet(ResNet.Config.of(Arch.RESNET50).width(2), features -> Heads.mlp(features, 5));
        from.initialize(11);
        from.buffers().getFirst().set(5, 6);
        Path file = folder.resolve("net.safetensors");
        SafeTensors.write(file, StateDict.of(from), Map.of());
        ResNet to = new ResNet(ResNet.Config.of(Arch.RESNET50).width(2), features -> Heads.mlp(features, 5));
        StateDict.load(to, SafeTensors.read(file).arrays());
        from.named()
                .forEach((name, v) ->
                        assertArrayEquals(v.toArray(), to.named().get(name).toArray(), name));
    }

    @Test
    void countersAreIgnoredAndOtherFloatTypesConverted() {
        BatchNorm2d bn = new BatchNorm2d(1);
        StateDict.load(
                bn,
                Map.of(
                        "weight", ArrayData.ofDoubles(new double[] {1.5}),
                        "bias", ArrayData.ofFloats(new float[] {2}),
                        "running_mean", ArrayData.ofFloats(new float[] {3}),
                        "running_var", ArrayData.ofFloats(new float[] {4}),
                        "num_batches_tracked", ArrayData.ofLongs(new long[] {9})));
        assertEquals(1.5f, bn.named().get("weight").toArray()[0]);
        assertEquals(4, bn.named().get("running_var").toArray()[0]);
    }

    @Test
    void whatDoesNotFitIsNamedAndNothingIsChanged() {
        BatchNorm2d bn = new BatchNorm2d(2);
        bn.initialize(0);
        Map<String, ArrayData> arrays = new LinkedHashMap<>();
        arrays.put("weight", ArrayData.ofFloats(new float[] {7, 7}));
        arrays.put("bias", ArrayData.ofFloats(new float[] {2, 2, 2}));
        arrays.put("running_var", ArrayData.ofFloats(new float[] {7, 7}));
        for (int i = 0; i < 5; i++) {
            arrays.put("other" + i, ArrayData.ofFloats(new float[] {1}));
        }
        var e = assertThrows(IllegalArgumentException.class, () -> StateDict.load(bn, arrays));
        assertEquals(
                "the weights do not fit the network: missing: running_mean; unknown: other0, other1, other2 "
                        + "and 2 more; of another shape: bias is [3] instead of [2]",
                e.getMessage());
        assertArrayEquals(new float[] {1, 1}, bn.named().get("weight").toArray());
    }

    private static float[] countingUp(int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = i;
        }
        return values;
    }
}
