package org.jmoco.nn.processes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

public class OrderedSumTest {
    private static final int[] SIZES = {1, 2, 5, 31, 1003, 20_011};

    /// Floats exchanged at a time: several times for the larger sizes.
    private static final int EXCHANGED = 500;

    /// Of very different magnitudes, so that another order of additions has other bits.
    static float[] vector(int rank, int n) {
        SplittableRandom random = new SplittableRandom(rank);
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) ((random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(-3, 4)));
        }
        return values;
    }

    /// What one process gets that has all ranks.
    static float[] expected(int ranks, int n) {
        float[] sum = vector(0, n);
        for (int rank = 1; rank < ranks; rank++) {
            float[] term = vector(rank, n);
            for (int i = 0; i < n; i++) {
                sum[i] += term[i];
            }
        }
        return sum;
    }

    static MemorySegment floats(float[] values) {
        MemorySegment memory = Arena.ofAuto().allocate(ValueLayout.JAVA_FLOAT, values.length);
        MemorySegment.copy(values, 0, memory, ValueLayout.JAVA_FLOAT, 0, values.length);
        return memory;
    }

    /// Sums `ranks` vectors, `atOnce` a process in a round.
    static float[] sum(Processes processes, int ranks, int atOnce, int n) {
        MemorySegment memory = Arena.ofAuto().allocate(ValueLayout.JAVA_FLOAT, n);
        memory.fill((byte) -1); // NaN: nothing of what lay there counts
        OrderedSum sum = new OrderedSum(processes, memory, atOnce, EXCHANGED);
        for (int round = 0; round < ranks / (atOnce * processes.count()); round++) {
            int first = atOnce * (round * processes.count() + processes.number());
            List<MemorySegment> terms = new ArrayList<>();
            for (int rank = first; rank < first + atOnce; rank++) {
                terms.add(floats(vector(rank, n)));
            }
            processes.inBackground(() -> sum.add(terms)).await();
        }
        sum.share();
        return memory.toArray(ValueLayout.JAVA_FLOAT);
    }

    /// Sums of several sizes, which each process checks.
    public static void sumsAreThoseOfOneProcess(Processes processes) {
        for (int n : SIZES) {
            for (int atOnce : new int[] {1, 2}) {
                int ranks = 2 * atOnce * processes.count();
                assertArrayEquals(expected(ranks, n), sum(processes, ranks, atOnce, n));
            }
        }
    }

    /// A sum of one vector a process that is made again and again, as in training.
    public static final class Repeated {
        private final MemorySegment term;
        private final MemorySegment memory;
        private final MemorySegment expected;
        private final OrderedSum sum;

        public Repeated(Processes processes, int n) {
            term = floats(vector(processes.number(), n));
            memory = floats(new float[n]);
            expected = floats(expected(processes.count(), n));
            sum = new OrderedSum(processes, memory, 1);
        }

        /// Makes it once, and looks at every bit.
        public void check() {
            memory.fill((byte) -1);
            sum.add(List.of(term));
            sum.share();
            assertEquals(-1, expected.mismatch(memory));
        }
    }

    @ParameterizedTest
    @CsvSource({"1,1,1", "1,1,4", "1,2,8", "2,1,2", "2,1,4", "2,2,8", "3,1,3", "3,2,12", "4,1,8", "4,3,12", "5,1,5"})
    void hasTheBitsOfOneProcess(int count, int atOnce, int ranks) {
        for (int n : SIZES) {
            float[] expected = expected(ranks, n);
            ProcessesInOneJvm.run(count, p -> assertArrayEquals(expected, sum(p, ranks, atOnce, n)));
        }
    }

    @Test
    void anotherOrderWouldShow() {
        float[] backwards = vector(3, 1003);
        for (int rank = 2; rank >= 0; rank--) {
            float[] term = vector(rank, 1003);
            for (int i = 0; i < term.length; i++) {
                backwards[i] += term[i];
            }
        }
        assertNotEquals(Arrays.hashCode(expected(4, 1003)), Arrays.hashCode(backwards));
    }

    @Test
    void negativeZerosStay() {
        ProcessesInOneJvm.run(2, p -> {
            MemorySegment memory = floats(new float[3]);
            OrderedSum sum = new OrderedSum(p, memory, 1);
            sum.add(List.of(floats(new float[] {-0f, -0f, 0f})));
            sum.share();
            assertArrayEquals(new float[] {-0f, -0f, 0f}, memory.toArray(ValueLayout.JAVA_FLOAT));
        });
    }

    @Test
    void aSecondSumBeginsAnew() {
        ProcessesInOneJvm.run(3, p -> {
            MemorySegment memory = floats(new float[7]);
            OrderedSum sum = new OrderedSum(p, memory, 1);
            for (int turn = 0; turn < 2; turn++) {
                sum.add(List.of(floats(vector(p.number(), 7))));
                sum.share();
                assertArrayEquals(expected(3, 7), memory.toArray(ValueLayout.JAVA_FLOAT));
            }
        });
    }

    @Test
    void theVectorApiAddsAsPlainJavaDoes() {
        FloatRows vectors = new VectorFloatRows();
        for (int n : IntStream.range(0, 40).toArray()) {
            MemorySegment x = floats(vector(1, 45));
            MemorySegment plain = floats(vector(2, 45));
            MemorySegment fast = floats(vector(2, 45));
            new FloatRows().add(x, 3, plain, 5, n);
            vectors.add(x, 3, fast, 5, n);
            assertEquals(-1, plain.mismatch(fast));
        }
    }

    @Test
    void wrongTermsAreRefused() {
        MemorySegment memory = floats(new float[4]);
        OrderedSum sum = new OrderedSum(new Alone("here"), memory, 2);
        assertEquals(
                "ordered sum: 2 terms a round were announced, got 1",
                assertThrows(IllegalArgumentException.class, () -> sum.add(List.of(memory)))
                        .getMessage());
        assertThrows(
                IllegalArgumentException.class, () -> sum.add(List.of(floats(new float[4]), floats(new float[5]))));
        assertThrows(
                IllegalArgumentException.class,
                () -> sum.add(List.of(MemorySegment.ofArray(new float[4]), floats(new float[4]))));
    }
}
