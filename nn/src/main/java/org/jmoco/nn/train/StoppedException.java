package org.jmoco.nn.train;

/// Somebody asked a run to stop, and it did: what it had done is saved. The message says how far it was.
public final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public StoppedException(String message) {
        super(message);
    }
}
