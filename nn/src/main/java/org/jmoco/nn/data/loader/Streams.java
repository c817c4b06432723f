package org.jmoco.nn.data.loader;

import org.jmoco.tensor.random.Philox;

/// The random streams of data loading: what is drawn depends on seed, epoch, image and view, and on nothing else.
public final class Streams {
    /// Highest counter words, so that no two purposes share a stream: "VIEW" plus the view's number, and "ORDR".
    private static final int VIEW = 0x56494557;

    private static final int ORDER = 0x4F524452;

    private Streams() {}

    /// The draws of one view of one image.
    public static Philox view(long seed, int epoch, int image, int view) {
        return new Philox(seed, image, epoch, VIEW + view);
    }

    /// The draws of one epoch's order.
    static Philox order(long seed, int epoch) {
        return new Philox(seed, 0, epoch, ORDER);
    }
}
