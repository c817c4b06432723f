package org.jmoco.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jmoco.nn.weights.WeightFixtures;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.ElementType;
import org.junit.jupiter.api.Test;

class EngineOrderTest {
    @Test
    void convolutionWeightsGoToHwio() {
        int o = 3;
        int in = 4;
        int h = 2;
        int w = 5;
        ArrayData oihw = WeightFixtures.fill("", "conv.weight", o, in, h, w);
        ArrayData hwio = EngineOrder.convToEngine(oihw);
        assertArrayEquals(new long[] {h, w, in, o}, hwio.shape());
        for (int a = 0; a < o; a++) {
            for (int b = 0; b < in; b++) {
                for (int y = 0; y < h; y++) {
                    for (int x = 0; x < w; x++) {
                        assertEquals(
                                oihw.doubleAt(((a * in + b) * h + y) * w + x),
                                hwio.doubleAt(((y * w + x) * in + b) * o + a));
                    }
                }
            }
        }
        assertEquals(oihw, EngineOrder.convToTorch(hwio));
    }

    @Test
    void aStateDictSurvivesTheWayThereAndBack() {
        Map<String, ArrayData> moco = new LinkedHashMap<>();
        WeightFixtures.fill("q.", WeightFixtures.spec(Arch.RESNET18, Stem.CIFAR, 2, 6, 4))
                .forEach((name, array) -> moco.put("encoder_q." + name, array));
        moco.put("queue", WeightFixtures.fill("", "queue", 4, 16));
        Map<String, ArrayData> engine = EngineOrder.toEngine(moco);
        assertArrayEquals(
                new long[] {3, 3, 3, 2}, engine.get("encoder_q.conv1.weight").shape());
        assertArrayEquals(
                new long[] {16, 6}, engine.get("encoder_q.fc.0.weight").shape());
        assertEquals(moco.get("queue"), engine.get("queue"));
        assertEquals(moco, EngineOrder.toTorch(engine));
    }

    @Test
    void halvesWidenOnTheWayIn() {
        ArrayData half = ArrayData.of(
                ElementType.F16,
                new long[] {2},
                ArrayData.ofBytes(new byte[] {0, 0x3c, 0, (byte) 0xc0}).payload());
        ArrayData wide = EngineOrder.toEngine(Map.of("bn1.bias", half)).get("bn1.bias");
        assertEquals(ElementType.F32, wide.type());
        assertArrayEquals(new float[] {1, -2}, wide.toFloatArray());
    }
}
