package org.jmoco.eval.linear;

import org.jmoco.nn.data.DataException;

/// A training whose loss is no longer a number: the learning rate is too high, or the features are damaged.
public final class DivergedException extends DataException {
    private static final long serialVersionUID = 1;

    public DivergedException(String message) {
        super(message);
    }
}
