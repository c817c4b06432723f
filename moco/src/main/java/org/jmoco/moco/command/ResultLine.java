package org.jmoco.moco.command;

import java.util.Locale;

/// The last line on stdout of a command that evaluates, for scripts: `result key=value …`. Accuracies are in percent.
final class ResultLine {
    private final StringBuilder line = new StringBuilder("result");

    /// Two decimals.
    ResultLine put(String key, double value) {
        return put(key, String.format(Locale.ROOT, "%.2f", value));
    }

    /// A value in which spaces would be hard to tell from those between values becomes quoted.
    ResultLine put(String key, String value) {
        line.append(' ').append(key).append('=').append(value.contains(" ") ? '"' + value + '"' : value);
        return this;
    }

    @Override
    public String toString() {
        return line.toString();
    }
}
