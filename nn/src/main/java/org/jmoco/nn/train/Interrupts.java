package org.jmoco.nn.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/// Ctrl-C, and what systems send to end a process, as a wish to stop at the next chance: a shutdown hook would run
/// beside those of device drivers, with no order among them. The second signal ends the process at once.
public final class Interrupts implements BooleanSupplier, AutoCloseable {
    /// Exit code of a command that was asked to stop, and did so in good order.
    public static final int EXIT_CODE = 130;

    private static final List<String> SIGNALS = List.of("INT", "TERM", "HUP");

    private final AtomicBoolean asked = new AtomicBoolean();
    private final Map<Signal, SignalHandler> before = new LinkedHashMap<>();

    /// Listens from now on.
    ///
    /// @param whenAsked told of the first signal, on a thread of its own
    public Interrupts(Runnable whenAsked) {
        synchronized (before) {
            for (String name : SIGNALS) {
                try {
                    Signal signal = new Signal(name);
                    before.put(signal, Signal.handle(signal, s -> asked(whenAsked)));
                } catch (IllegalArgumentException e) {
                    continue; // the system does not have it, or something else listens to it
                }
            }
        }
    }

    private void asked(Runnable whenAsked) {
        if (asked.compareAndSet(false, true)) {
            close();
            whenAsked.run();
        }
    }

    /// Whether someone wants to stop.
    @Override
    public boolean getAsBoolean() {
        return asked.get();
    }

    /// Signals do again what they did before.
    @Override
    public void close() {
        synchronized (before) {
            before.forEach(Signal::handle);
            before.clear();
        }
    }
}
