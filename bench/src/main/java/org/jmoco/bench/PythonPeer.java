package org.jmoco.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A peer that is a Python program of `bench/peers`, which answers the requests that [SideMain] lists.
final class PythonPeer {
    private PythonPeer() {}

    /// Its command.
    ///
    /// @param program file name in `bench/peers`
    static List<String> command(String program, List<String> arguments) {
        String home = System.getProperty("bench.home");
        if (home == null) {
            throw new BenchException("start this benchmark with bench/run: it knows where the peer's program lies");
        }
        Path python = Path.of(System.getenv().getOrDefault("BENCH_PYTHON", "/usr/bin/python3"));
        if (!Files.isExecutable(python)) {
            throw new BenchException("the peer needs Python with torch and torchvision, and " + python
                    + " is no program; name one in BENCH_PYTHON");
        }
        List<String> command = new ArrayList<>();
        command.add(python.toString());
        command.add(Path.of(home, "peers", program).toString());
        command.addAll(arguments);
        return command;
    }
}
