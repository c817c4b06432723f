package org.jmoco.nn.data.loader;

import org.jmoco.nn.data.DataException;

/// Where a loader stands: the batch it will hand out next. Saved with a checkpoint and given back on resume.
///
/// @param epoch from 0   @param batch in the epoch, from 0
public record Position(int epoch, int batch) {
    public static final Position START = new Position(0, 0);

    public Position {
        if (epoch < 0 || batch < 0) {
            throw new DataException("a loader's position cannot be negative: epoch " + epoch + ", batch " + batch);
        }
    }
}
