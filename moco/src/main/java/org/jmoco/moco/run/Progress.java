package org.jmoco.moco.run;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/// What a person watching sees: one line that is rewritten on a terminal, or a plain line now and then where there is none.
public final class Progress {
    private static final long TERMINAL_NANOS = 200_000_000L;
    private static final long PLAIN_NANOS = 10_000_000_000L;

    private final PrintStream out;
    private final boolean terminal;
    private long lastShown = Long.MIN_VALUE;
    private int width;

    /// @param terminal whether `out` is a terminal, where a line can be rewritten
    public Progress(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /// Shows a line, if the last one is old enough.
    public void show(long nanoTime, String line) {
        if (lastShown != Long.MIN_VALUE && nanoTime - lastShown < (terminal ? TERMINAL_NANOS : PLAIN_NANOS)) {
            return;
        }
        lastShown = nanoTime;
        if (terminal) {
            out.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
            out.flush();
            width = line.length();
        } else {
            out.println(line);
        }
    }

    /// Prints a line that stays.
    public void print(String line) {
        clear();
        out.println(line);
    }

    /// Takes the rewritten line away.
    public void clear() {
        if (terminal && width > 0) {
            out.print("\r" + " ".repeat(width) + "\r");
            out.flush();
            width = 0;
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
        return d.toMinutes() < 100 ? String.format(Locale.ROOT, "%d min", d.toMinutes()) : String.format(Locale.ROOT, "%.1f h", seconds / 3600);
    }
}
