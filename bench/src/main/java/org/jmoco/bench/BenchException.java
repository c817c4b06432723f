package org.jmoco.bench;

import java.io.Serial;

/// Something stands in the way that a user can mend; the message says what.
class BenchException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    BenchException(String message) {
        super(message);
    }

    BenchException(String message, Throwable cause) {
        super(message, cause);
    }
}
