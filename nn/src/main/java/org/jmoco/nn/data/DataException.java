package org.jmoco.nn.data;

import org.jmoco.tensor.io.FormatException;

/// A mistake in the data or its description that the user can mend. The message is one line: what is wrong, where, what to do.
public class DataException extends RuntimeException {
    public DataException(String message) {
        super(FormatException.printable(message));
    }

    public DataException(String message, Throwable cause) {
        super(FormatException.printable(message), cause);
    }
}
