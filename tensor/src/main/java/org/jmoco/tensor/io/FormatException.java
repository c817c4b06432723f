package org.jmoco.tensor.io;

/// A file does not hold what its format, its header or the caller says. The message is one line
/// that starts with the file's name.
public final class FormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 200;

    public FormatException(String file, String problem) {
        super(Messages.printable(file + ": " + problem));
    }

    public FormatException(String file, String problem, Throwable cause) {
        super(Messages.printable(file + ": " + problem), cause);
    }

    /// Quotes a string of the file, cut to a length that fits in a message.
    public static String quote(String text) {
        return text.length() <= SHOWN ? "\"" + text + "\"" : "\"" + text.substring(0, SHOWN) + "…\"";
    }
}
