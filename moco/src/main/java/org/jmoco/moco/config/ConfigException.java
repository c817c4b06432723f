package org.jmoco.moco.config;

import org.jmoco.tensor.io.Messages;

/// A configuration that cannot be used. The message is one line: where, what is wrong, what would be right.
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ConfigException(String message) {
        super(Messages.printable(message));
    }
}
