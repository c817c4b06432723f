package org.jmoco.moco.algorithm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Precision;
import org.jmoco.tensor.Program;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.ops.elementwise.RoundBf16;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Steps of MoCo at each precision.
class StepPrecisionTest {
    private static final int STEPS = 3;

    private record Taken(Moco moco, List<Outcome> outcomes) {
        static Taken on(Device device, Precision precision, int atOnce) {
            Moco moco = new Moco(Small.config(4, atOnce, precision), Small.PIXELS);
            return new Taken(moco, Small.steps(moco, moco.on(device), 0, STEPS));
        }

        void assertSame(Taken other) {
            assertEquals(outcomes, other.outcomes);
            assertEquals(List.of(), Small.differences(moco.save(), other.moco.save()));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BF16", "BF16X3"})
    void theBitsDependNeitherOnThreadsNorOnRanksAtOnce(Precision precision) {
        try (Device one = Device.jvm(1);
                Device two = Device.jvm(2)) {
            Taken taken = Taken.on(one, precision, 4);
            taken.assertSame(Taken.on(two, precision, 4));
            taken.assertSame(Taken.on(two, precision, 2));
        }
    }

    @Test
    void threeProductsComeNearerThanOne() {
        float exact = Taken.on(Device.current(), Precision.FLOAT32, 4)
                .outcomes
                .getFirst()
                .loss();
        float rounded = Taken.on(Device.current(), Precision.BF16, 4)
                .outcomes
                .getFirst()
                .loss();
        float three = Taken.on(Device.current(), Precision.BF16X3, 4)
                .outcomes
                .getFirst()
                .loss();
        assertNotEquals(exact, rounded);
        assertTrue(
                Math.abs(three - exact) < Math.abs(rounded - exact) / 64,
                "loss " + exact + " in float32, " + rounded + " in bf16, " + three + " in bf16x3");
    }

    /// Weights, momenta, the key encoder and the queue; all of them would lose what they learn to rounding.
    @Test
    void whatIsKeptIsFloat32() {
        Moco moco = Taken.on(Device.current(), Precision.BF16, 4).moco;
        for (String name :
                List.of("encoder_q.conv1.weight", "encoder_k.conv1.weight", "momentum.conv1.weight", "queue")) {
            ArrayData values = moco.save().get(name);
            long rounded = IntStream.range(0, (int) values.count())
                    .filter(i -> isBf16((float) values.doubleAt(i)))
                    .count();
            assertTrue(rounded < values.count() / 2, name + ": " + rounded + " of " + values.count());
        }
    }

    private static boolean isBf16(float x) {
        return (Float.floatToRawIntBits(x) & 0xFFFF) == 0;
    }

    @Test
    void featuresForTheMonitorAreFloat32() {
        Moco moco = new Moco(Small.config(4, 4, Precision.BF16), Small.PIXELS);
        assertTrue(moco.programs().stream().anyMatch(StepPrecisionTest::rounds));
        assertFalse(rounds(moco.features(8)));
    }

    private static boolean rounds(Program program) {
        return program.graph().nodes().stream().anyMatch(n -> n.op() instanceof RoundBf16);
    }
}
