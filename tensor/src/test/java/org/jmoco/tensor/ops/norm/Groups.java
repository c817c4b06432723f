package org.jmoco.tensor.ops.norm;

import org.jmoco.tensor.Shape;

/// For references: where every element of NHWC data belongs.
record Groups(BatchGroups groups, Shape x) {
    int channels() {
        return x.dim(-1);
    }

    int channel(int element) {
        return element % channels();
    }

    /// The index in `[g, c]` of an element's group and channel.
    int cell(int element) {
        int n = x.dim(0);
        int sample = (int) (element / x.size(1, x.rank()));
        int group = groups.order() == BatchGroups.Order.INTERLEAVED
                ? sample % groups.count()
                : sample / (n / groups.count());
        return group * channels() + channel(element);
    }

    /// Cells of `[g, c]`.
    int cells() {
        return groups.count() * channels();
    }

    /// Values in each cell.
    double values() {
        return (double) x.size() / cells();
    }
}
