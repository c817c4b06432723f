package org.jmoco.nn.train;

import java.io.Console;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;

/// What a person watching sees: one line that is rewritten on a terminal, or a plain line now and then where there
/// is none.
public final class Progress {
    private static final long TERMINAL_NANOS = 200_000_000L;
    private static final long PLAIN_NANOS = 10_000_000_000L;

    private static final String ERASE = "\r\u001b[K";
    private static final String NO_WRAP = "\u001b[?7l";
    private static final String WRAP = "\u001b[?7h";

    private final PrintStream out;
    private final boolean terminal;
    private long lastShown = Long.MIN_VALUE;
    private boolean shown;

    /// @param terminal whether `out` is a terminal, where a line can be rewritten
    public Progress(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /// On the error stream, so that the output stream has results alone; rewriting if someone watches.
    public static Progress forPeople() {
        Console console = System.console();
        return new Progress(
                System.err, console != null && console.isTerminal() && !"dumb".equals(System.getenv("TERM")));
    }

    /// Nobody sees anything.
    public static Progress silent() {
        return new Progress(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8), false);
    }

    /// Shows a line, if the last one is old enough.
    public void show(long nanoTime, String line) {
        show(nanoTime, () -> line);
    }

    /// Shows a line, if the last one is old enough; else it is not even made.
    public synchronized void show(long nanoTime, Supplier<String> made) {
        if (lastShown != Long.MIN_VALUE && nanoTime - lastShown < (terminal ? TERMINAL_NANOS : PLAIN_NANOS)) {
            return;
        }
        lastShown = nanoTime;
        String line = made.get();
        if (terminal) {
            // Without wrapping a narrow terminal shows the line's beginning; wrapped, it could not be rewritten.
            out.print(ERASE + NO_WRAP + line + WRAP);
            out.flush();
            shown = true;
        } else {
            out.println(line);
        }
    }

    /// Prints a line that stays.
    public synchronized void print(String line) {
        clear();
        out.println(line);
    }

    /// Takes the rewritten line away.
    public synchronized void clear() {
        if (shown) {
            out.print(ERASE);
            out.flush();
            shown = false;
        }
    }

    /// `45 s`, `12 min`, `3.5 h`.
    public static String duration(double seconds) {
        if (!Double.isFinite(seconds)) {
            return "?";
        }
        Duration d = Duration.ofMillis(Math.round(seconds * 1000));
        if (d.toSeconds() < 100) {
            return String.format(Locale.ROOT, "%d s", d.toSeconds());
        }
        return d.toMinutes() < 100
                ? String.format(Locale.ROOT, "%d min", d.toMinutes())
                : String.format(Locale.ROOT, "%.1f h", seconds / 3600);
    }
}
