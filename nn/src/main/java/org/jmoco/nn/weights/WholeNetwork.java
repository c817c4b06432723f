package org.jmoco.nn.weights;

import java.util.Map;
import java.util.Optional;
import org.jmoco.tensor.io.ArrayData;

/// A network in a file that is more than an encoder, such as a detector.
///
/// @param layout  whose names it has, in words
/// @param network which one it is, or why it is not whole, in words
/// @param arrays  under our names and in our order, whosever names the file has; those of the file if the network is
///     not whole
public record WholeNetwork(String layout, String network, Map<String, ArrayData> arrays) {

    /// Knows such networks.
    @FunctionalInterface
    public interface Kind {
        /// The network in a file; empty if it holds none of this kind.
        Optional<WholeNetwork> in(Checkpoint checkpoint);
    }
}
