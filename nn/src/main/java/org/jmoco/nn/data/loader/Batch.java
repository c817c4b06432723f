package org.jmoco.nn.data.loader;

import java.util.List;

/// n images in one or more views, ready for the device. n is the batch size, or less at an epoch's end or where
/// images were dropped.
///
/// @param position epoch and number of the batch   @param views in the order of the loader's pipelines
/// @param labels `[n]`, −1 without a class   @param indices `[n]`, of the images in their source
@SuppressWarnings("ArrayRecordComponent") // a carrier of buffers, never compared
public record Batch(Position position, List<View> views, int[] labels, int[] indices) {
    /// n.
    public int size() {
        return labels.length;
    }
}
