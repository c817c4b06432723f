package org.jmoco.nn.processes.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jmoco.nn.processes.OrderedSumTest;
import org.jmoco.nn.processes.Processes;
import org.jmoco.nn.processes.ProcessesException;
import org.jmoco.nn.processes.ProcessesTest;

/// What [MpiTest] starts under a launcher. Its first argument says what it does, the second one its time-out in
/// seconds where it is not how often.
public final class MpiProgram {
    private static final int FAILED = 7;

    private MpiProgram() {}

    public static void main(String[] args) {
        System.getenv(); // for which the JDK sets SIGCHLD
        SignalGuard handlers = new SignalGuard();
        Processes processes;
        try {
            processes = MpiProcesses.join(
                    args[0].equals("calls") ? MpiProcesses.TIMEOUT : Duration.ofSeconds(Long.parseLong(args[1])));
        } catch (ProcessesException e) {
            if (!e.saidByAnother()) {
                System.err.println("program: " + e.getMessage());
            }
            System.exit(FAILED);
            return;
        }
        try {
            work(processes, handlers, args);
        } catch (ProcessesException e) {
            System.err.println("program: " + e.getMessage());
            processes.abort(FAILED);
        } catch (Exception | Error e) {
            e.printStackTrace();
            processes.abort(1);
        }
        processes.leave();
    }

    private static void work(Processes processes, SignalGuard handlers, String... args)
            throws IOException, InterruptedException {
        switch (args[0]) {
            case "calls" -> {
                ProcessesTest.everyCall(processes);
                OrderedSumTest.sumsAreThoseOfOneProcess(processes);
                nullsAreCaught(Integer.parseInt(args[1]));
                assertEquals(List.of(), handlers.restore(), "signals whose handlers have changed");
                OrderedSumTest.sumsAreThoseOfOneProcess(processes);
                System.out.println("process " + processes.number() + " of " + processes.count() + " is content, "
                        + (Files.readString(Path.of("/proc/self/maps")).contains("libucp") ? "with" : "without")
                        + " UCX");
            }
            case "sleeper" -> {
                processes.gather(new byte[1]);
                processes.phase("step 3, gradients");
                while (processes.number() == 1) {
                    LockSupport.park();
                }
                processes.gather(new byte[1]);
            }
            case "killed" -> {
                processes.gather(new byte[1]);
                if (processes.number() == 1) {
                    new ProcessBuilder(
                                    "kill",
                                    "-KILL",
                                    Long.toString(ProcessHandle.current().pid()))
                            .start()
                            .waitFor();
                }
                processes.gather(new byte[1]);
            }
            case "steps" -> {
                int steps = Integer.parseInt(args[2]);
                OrderedSumTest.Repeated sum = new OrderedSumTest.Repeated(processes, Integer.parseInt(args[3]));
                for (int step = 1; step <= steps; step++) {
                    processes.phase("step " + step);
                    sum.check();
                    if (processes.number() == 0) {
                        System.out.println("step " + step);
                    }
                }
            }
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    /// Code that meets a null where the compiler expects none: each time the processor traps, and the JVM's handler of
    /// SIGSEGV makes an exception of it.
    private static void nullsAreCaught(int times) {
        int caught = 0;
        int[] nothing = null;
        for (int i = 0; i < times; i++) {
            try {
                caught -= lengthOf(i % 3 == 0 ? new int[64] : nothing) - 64;
            } catch (NullPointerException e) {
                caught++;
            }
            if (i % 100_000 == 0) {
                System.gc();
            }
        }
        assertEquals(times - (times + 2) / 3, caught);
    }

    private static int lengthOf(int... array) {
        return array.length;
    }
}
