package org.jmoco.nn.data;

import org.jmoco.tensor.io.Messages;

/// A mistake in the data or its description that the user can mend. The message is one line: what is wrong, where,
/// what to do.
public class DataException extends RuntimeException {
    public DataException(String message) {
        super(Messages.printable(message));
    }

    public DataException(String message, Throwable cause) {
        super(Messages.printable(message), cause);
    }
}
