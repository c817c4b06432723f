package org.jmoco.moco.command;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jmoco.tensor.io.Messages;

/// The last line of a command, for programs: `result protocol=… top1=67.50 seconds=12.3`. Values with spaces or
/// quotes stand in quotes; what a terminal would obey is replaced by `?`.
public final class ResultLine {
    private final Map<String, String> values = new LinkedHashMap<>();

    /// Without a protocol.
    public ResultLine() {}

    /// @param protocol which benchmark by whose rules
    public ResultLine(String protocol) {
        with("protocol", protocol);
    }

    /// Any value as text.
    public ResultLine with(String key, Object value) {
        String text = Messages.printable(value.toString());
        boolean plain = text.matches("[^\\s\"]+");
        values.put(key, plain ? text : '"' + text.replace("\"", "'") + '"');
        return this;
    }

    /// With two decimals, as accuracies in percent have.
    public ResultLine percent(String key, double value) {
        return with(key, String.format(Locale.ROOT, "%.2f", value));
    }

    /// With one decimal.
    public ResultLine seconds(String key, double value) {
        return with(key, String.format(Locale.ROOT, "%.1f", value));
    }

    @Override
    public String toString() {
        return "result "
                + values.entrySet().stream()
                        .map(e -> e.getKey() + "=" + e.getValue())
                        .collect(Collectors.joining(" "));
    }
}
