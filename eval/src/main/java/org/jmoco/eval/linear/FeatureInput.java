package org.jmoco.eval.linear;

import java.util.Iterator;
import java.util.List;
import org.jmoco.nn.data.loader.Position;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;
import org.jmoco.tensor.Trace;

/// Where the heads' features come from: computed by the frozen encoder from images in the same program
/// ([LiveFeatures]), or read from the disk ([StoredFeatures]).
public interface FeatureInput {
    /// Features of one image at each tap, `[side, side, c]` or `[d]`.
    List<Shape> shapes();

    /// Inputs of a program and what the heads see of them.
    ///
    /// @param n images of the batch
    /// @return the features of each tap, `[n, side, side, c]` or `[n, d]`
    List<Tensor> trace(Trace program, int n);

    /// At least 1.
    int batchesPerEpoch();

    /// The batches from one on, epoch after epoch to the last. Which images a batch holds, and how they look,
    /// follows from its position alone.
    Batches from(Position first);

    /// Batches one after another; each is used up before the next is asked for.
    interface Batches extends Iterator<Feed>, AutoCloseable {
        /// Images found unreadable so far, one message each.
        default List<String> unreadable() {
            return List.of();
        }

        @Override
        default void close() {}
    }

    /// One batch.
    interface Feed {
        /// `[n]`, the classes; n is 0 if no image of it could be read.
        int[] labels();

        /// `[n]`, the images in their source.
        int[] indices();

        /// Sets the inputs that [#trace] asked for.
        void to(Compiled program);
    }
}
