package org.jmoco.eval.segment;

import java.util.List;
import org.jmoco.tensor.Program;

/// A training of a network for every pixel or object to be planned, not run: its variables have no values, and so
/// take no memory.
public interface TrainingOutline {
    /// Images a step.
    int batch();

    /// Images of a batch that are computed at once, by the recipe.
    int imagesAtOnce();

    /// The programs of a step.
    ///
    /// @param n images at once, 1 to the batch, also where it does not divide that
    /// @return first the one that needs the most memory
    List<Program> training(int n);

    /// The programs of a test image.
    List<Program> test();

    /// Bytes on the heap of batches made ahead or, if that is more, of what a test image needs there.
    long prepared();

    /// Elements of the encoder, which is kept beside the network that begins from it.
    long encoderElements();

    /// Elements that are copied when they are written, statistics included.
    long elements();

    /// What in the configuration needs less memory if it is smaller.
    String size();
}
