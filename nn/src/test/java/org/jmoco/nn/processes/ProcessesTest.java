package org.jmoco.nn.processes;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every implementation does, here alone and over threads. The same calls run over MPI in `mpi/MpiTest`.
public class ProcessesTest {
    private static void on(int count, Consumer<Processes> program) {
        if (count == 1) {
            program.accept(new Alone("here"));
        } else {
            ProcessesInOneJvm.run(count, program);
        }
    }

    /// All collective calls, with results that each process checks. Sizes depend on sender and receiver, some are 0.
    public static void everyCall(Processes processes) {
        int own = processes.number();
        int count = processes.count();
        exchangeRows(processes, 1);
        exchangeRows(processes, 3);
        exchangeRows(processes, 40_000);

        Slices slices = Slices.adjacent(
                JAVA_INT.byteSize(), LongStream.range(0, count).map(p -> p * p).toArray());
        MemorySegment all = Arena.ofAuto().allocate(Math.max(1, slices.extent()));
        for (long i = 0; i < slices.size(own); i++) {
            all.setAtIndex(JAVA_INT, slices.start(own) + i, 1000 * own + (int) i);
        }
        processes.gather(all, slices);
        for (int p = 0; p < count; p++) {
            for (long i = 0; i < slices.size(p); i++) {
                assertEquals(1000 * p + i, all.getAtIndex(JAVA_INT, slices.start(p) + i));
            }
        }

        MemorySegment told = Arena.ofAuto().allocate(JAVA_INT);
        for (int from = 0; from < count; from++) {
            told.set(JAVA_INT, 0, own);
            processes.broadcast(told, from);
            assertEquals(from, told.get(JAVA_INT, 0));
        }

        List<byte[]> texts = processes.gather("x".repeat(3 * own).getBytes(StandardCharsets.UTF_8));
        assertEquals(
                IntStream.range(0, count).map(p -> 3 * p).boxed().toList(),
                texts.stream().map(t -> t.length).toList());

        if (count % 2 == 0) {
            MemorySegment mine = Arena.ofAuto().allocate(JAVA_INT);
            MemorySegment theirs = Arena.ofAuto().allocate(JAVA_INT);
            mine.set(JAVA_INT, 0, own);
            processes.swap(own ^ 1, mine, theirs);
            assertEquals(own ^ 1, theirs.get(JAVA_INT, 0));
        }
    }

    /// Process p sends p + 2q rows to q.
    private static void exchangeRows(Processes processes, long rowBytes) {
        int own = processes.number();
        int count = processes.count();
        Slices to = Slices.adjacent(
                rowBytes, LongStream.range(0, count).map(q -> own + 2 * q).toArray());
        Slices from = Slices.adjacent(
                rowBytes, LongStream.range(0, count).map(p -> p + 2L * own).toArray());
        MemorySegment sent = Arena.ofAuto().allocate(Math.max(1, to.extent()));
        for (int q = 0; q < count; q++) {
            sent.asSlice(to.startByte(q), to.bytes(q)).fill((byte) (10 * own + q));
        }
        MemorySegment received = Arena.ofAuto().allocate(Math.max(1, from.extent()));
        processes.exchange(sent, to, received, from);
        for (int p = 0; p < count; p++) {
            for (long i = from.startByte(p); i < from.startByte(p) + from.bytes(p); i++) {
                assertEquals((byte) (10 * p + own), received.get(java.lang.foreign.ValueLayout.JAVA_BYTE, i));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void everythingArrivesWhereItBelongs(int count) {
        on(count, ProcessesTest::everyCall);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void wrongMemoryAndSlicesAreRefused(int count) {
        on(count, p -> {
            MemorySegment memory = Arena.ofAuto().allocate(12);
            MemorySegment array = MemorySegment.ofArray(new byte[12]);
            Slices four = Slices.even(count, 12, 1);
            refused("outside the Java heap", () -> p.gather(array, four));
            refused("outside the Java heap", () -> p.broadcast(array, 0));
            refused("does not exist", () -> p.broadcast(memory, count));
            refused("slices for " + count + " processes", () -> p.gather(memory, Slices.even(count + 1, 12, 1)));
            refused("up to byte 13", () -> p.gather(memory, Slices.even(count, 13, 1)));
            refused("rows of 1 bytes are sent", () -> p.exchange(memory, four, memory, Slices.even(count, 4, 3)));
            refused(
                    "another process",
                    () -> p.swap(p.number(), memory, Arena.ofAuto().allocate(12)));
        });
    }

    private static void refused(String why, Runnable call) {
        String message = assertThrows(IllegalArgumentException.class, call::run).getMessage();
        assertEquals(why, message.contains(why) ? why : message);
    }

    @Test
    void slicesAreEvenAndCanBeCut() {
        Slices slices = Slices.even(3, 11, 4);
        assertEquals("rows of 4 bytes: 0+4 4+4 8+3", slices.toString());
        assertEquals(44, slices.extent());
        assertEquals("rows of 4 bytes: 3+1 7+1 11+0", slices.part(3, 2).toString());
        assertEquals("rows of 4 bytes: 0+4 4+0 8+3", slices.without(1).toString());
        assertThrows(ArithmeticException.class, () -> Slices.adjacent(1L << 40, 1L << 40));
        assertThrows(IllegalArgumentException.class, () -> Slices.adjacent(1, -1));
    }

    @Test
    void whoDiffersIsNamed() {
        ProcessesInOneJvm.run(3, p -> Agreement.require(p, Map.of("JDK", "25.0.3", "data list", "5f0a")));
        String message = assertThrows(
                        ProcessesException.class,
                        () -> ProcessesInOneJvm.run(
                                3,
                                p -> Agreement.require(
                                        p, Map.of("JDK", "25.0.3", "data list", p.number() == 2 ? "77aa" : "5f0a"))))
                .getMessage();
        assertEquals(
                "process 2 on thread-2 has another data list than process 0 on thread-0: 77aa instead of 5f0a",
                message);
        assertThrows(
                ProcessesException.class,
                () -> ProcessesInOneJvm.run(
                        2, p -> Agreement.require(p, p.number() == 1 ? Map.of("JDK", "25") : Map.of())));
    }

    @Test
    void whoFailsLeavesNobodyWaiting() {
        IllegalStateException e = assertThrows(
                IllegalStateException.class,
                () -> ProcessesInOneJvm.run(3, p -> {
                    if (p.number() == 1) {
                        throw new IllegalStateException("the first to fail");
                    }
                    everyCall(p);
                }));
        assertEquals("the first to fail", e.getMessage());
    }
}
