package org.jmoco.tensor.backend.tornado;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;

/// How the launches of a program reach the device. A program's first runs launch kernel by kernel, each from a graph of
/// its own that is compiled once for all programs; a program that goes on running has its launches put into a chain of
/// graphs, which costs compiling every launch anew.
///
/// `-Djmoco.device.graphs=single`, `chained` or `captured` chooses another one than the driver's.
enum Chaining {
    /// Every launch by itself: for the drivers that gain nothing.
    SINGLE,
    /// Graphs of many launches.
    CHAINED,
    /// Graphs of many launches that CUDA takes down once and then replays with one call.
    CAPTURED;

    /// Launches of a graph: TornadoVM's tables hold 1,024 nodes and 8,192 bytes of code, and a launch takes about seven
    /// nodes and 34 bytes.
    static final int LAUNCHES = 96;

    /// Runs of a program before its launches are chained.
    static final int RUNS_BEFORE = 2;

    private static final String CHOSEN = "jmoco.device.graphs";

    static Chaining of(TornadoDevice device) {
        String chosen = System.getProperty(CHOSEN);
        boolean cuda = device.getTornadoVMBackend() == TornadoVMBackendType.CUDA;
        if (chosen == null) {
            return cuda ? CAPTURED : SINGLE;
        }
        return Arrays.stream(values())
                .filter(value -> value.name().equalsIgnoreCase(chosen) && (cuda || value != CAPTURED))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("-D" + CHOSEN + "=" + chosen
                        + ": expected single, chained or, with the CUDA driver, captured"));
    }

    /// A program's launches as graphs of a [Launcher].
    ///
    /// @param graphs their numbers, in order
    record Chain(List<Integer> graphs, int launches) {}

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
