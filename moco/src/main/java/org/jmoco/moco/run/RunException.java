package org.jmoco.moco.run;

/// A run that cannot start or go on. The message is one line: what is wrong, where, what to do.
public final class RunException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public RunException(String message) {
        super(message);
    }

    public RunException(String message, Throwable cause) {
        super(message, cause);
    }
}
