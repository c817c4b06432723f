package org.jmoco.nn.processes;

/// Processes could not be joined, or one of them is gone. The message is one line: which process on which host, what
/// is wrong, what to do.
public class ProcessesException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final boolean saidByAnother;

    public ProcessesException(String message) {
        this(message, null);
    }

    public ProcessesException(String message, Throwable cause) {
        this(message, cause, false);
    }

    /// @param saidByAnother whether another process prints the same line
    public ProcessesException(String message, Throwable cause, boolean saidByAnother) {
        super(message, cause);
        this.saidByAnother = saidByAnother;
    }

    /// Whether another process prints the same line, so that this one need not.
    public boolean saidByAnother() {
        return saidByAnother;
    }
}
