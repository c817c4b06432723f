package org.jmoco.eval.extract;

import java.lang.foreign.MemorySegment;
import java.util.Map;

/// Features of a few images, as a [FeatureExtractor] hands them out.
///
/// @param rows    of each tap, `[n, d]` floats, row-major; valid until the next batch
/// @param labels  `[n]`, −1 without a class
/// @param indices `[n]`, of the images in their source, increasing
@SuppressWarnings("ArrayRecordComponent") // a carrier of buffers, never compared
public record FeatureBatch(Map<Tap, MemorySegment> rows, int[] labels, int[] indices) {
    /// n.
    public int size() {
        return labels.length;
    }
}
