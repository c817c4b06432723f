package org.jmoco.tensor.io;

/// A file does not hold what its format, its header or the caller says. The message is one line
/// that starts with the file's name.
public final class FormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 200;

    public FormatException(String file, String problem) {
        super(file + ": " + printable(problem));
    }

    public FormatException(String file, String problem, Throwable cause) {
        super(file + ": " + printable(problem), cause);
    }

    /// Text of a file as a message may have it: with `?` for what would break the line or reach a
    /// terminal as a control code.
    public static String printable(String text) {
        return text.codePoints()
                .map(c -> Character.isISOControl(c) || c == '\u2028' || c == '\u2029' ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /// Quotes a string of the file, cut to a length that fits in a message.
    public static String quote(String text) {
        return text.length() <= SHOWN
                ? "\"" + text + "\""
                : "\"" + text.substring(0, SHOWN) + "…\"";
    }
}
