package org.jmoco.nn.data;

/// A mistake in the data or its description that the user can mend. The message is one line: what is wrong, where, what to do.
public class DataException extends RuntimeException {
    public DataException(String message) {
        super(message);
    }

    public DataException(String message, Throwable cause) {
        super(message, cause);
    }
}
