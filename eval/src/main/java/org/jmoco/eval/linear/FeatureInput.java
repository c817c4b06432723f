package org.jmoco.eval.linear;

import java.util.Iterator;
import java.util.List;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.Trace;

/// Where the heads' features come from: computed by the frozen encoder from images in the same program
/// ([LiveFeatures]), or read from the disk ([StoredFeatures]).
public interface FeatureInput extends AutoCloseable {
    /// Features of one image at each tap, `[side, side, c]` or `[d]`.
    List<Shape> shapes();

    /// Inputs of a program and what the heads see of them.
    ///
    /// @param n images of the batch
    /// @return the features of each tap, `[n, side, side, c]` or `[n, d]`
    List<Tensor> trace(Trace program, int n);

    /// The batches of one epoch, counted from 0. Epochs are asked for in order, and each is used up before the next.
    Iterator<Feed> epoch(int epoch);

    @Override
    default void close() {}

    /// One batch.
    interface Feed {
        /// `[n]`, the classes.
        int[] labels();

        /// `[n]`, the images in their source.
        int[] indices();

        /// Sets the inputs that [#trace] asked for.
        void to(Compiled program);
    }
}
