package org.jmoco.nn;

/// How the layers between convolutions normalise. All have the names of a [BatchNorm2d], so the same weights fit.
public enum Norm {
    /// Batch norm with the statistics of each group of the batch that the [mode][Mode] names; one group is the
    /// whole batch, several are what as many processes would compute.
    BATCH {
        @Override
        public Layer of(int channels) {
            return new BatchNorm2d(channels);
        }
    },
    /// Batch norm with the statistics of the whole batch, whatever groups the mode names: PyTorch's
    /// SyncBatchNorm.
    SYNCHRONISED {
        @Override
        public Layer of(int channels) {
            return BatchNorm2d.synchronised(channels);
        }
    },
    /// The running statistics in training too, and nothing that is trained: [FrozenBatchNorm2d].
    FROZEN {
        @Override
        public Layer of(int channels) {
            return new FrozenBatchNorm2d(channels);
        }
    };

    /// The layer for `[n, h, w, channels]`.
    public abstract Layer of(int channels);
}
