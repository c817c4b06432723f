package org.jmoco.nn.data.loader;

import java.lang.ref.SoftReference;
import java.util.ArrayDeque;
import java.util.List;

/// The buffers that the loader which was closed last had to spare, for the next one whose batches are as large.
///
/// They outlive the young generation, and a collector that lets the old one grow before it looks for dead ones would
/// keep those of every evaluation of a run: tens of MiB each.
///
/// @param sizes bytes of pixels and floats of lighting of a batch, view by view
record SpareViews(List<Integer> sizes, ArrayDeque<List<View>> buffers) {
    private static SoftReference<SpareViews> left = new SoftReference<>(null);

    /// What is left for batches of these sizes, maybe nothing.
    static synchronized ArrayDeque<List<View>> take(List<Integer> sizes) {
        SpareViews last = left.get();
        if (last == null || !last.sizes.equals(sizes)) {
            return new ArrayDeque<>();
        }
        left = new SoftReference<>(null);
        return last.buffers;
    }

    /// Leaves buffers that nobody writes or reads any more.
    static synchronized void leave(List<Integer> sizes, ArrayDeque<List<View>> buffers) {
        if (!buffers.isEmpty()) {
            left = new SoftReference<>(new SpareViews(sizes, buffers));
        }
    }
}
