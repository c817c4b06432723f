package org.jmoco.nn.weights;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.FormatException;

/// A checkpoint under our names (see the package page), arrays in PyTorch's order.
///
/// @param file stands for the file in messages
/// @param layout how the file names its keys
/// @param reason why this layout was taken, in words
/// @param arrays by our name, in the file's order
/// @param dropped the file's keys that repeat others or are no weights
public record Weights(String file, Layout layout, String reason, Map<String, ArrayData> arrays, List<String> dropped) {
    private static final String HEAD = "fc.";

    /// Reads a file and finds out its layout.
    ///
    /// @throws FormatException if the file cannot be understood or its layout is not known
    /// @throws java.io.UncheckedIOException if it cannot be read
    public static Weights read(Path file) {
        return of(Checkpoint.read(file));
    }

    /// @throws FormatException if the layout is not known, or two keys get the same name
    public static Weights of(Checkpoint checkpoint) {
        Layout layout = KeyMaps.detect(checkpoint.arrays().keySet());
        if (layout == null) {
            String first = checkpoint.arrays().keySet().iterator().next();
            throw new FormatException(
                    checkpoint.file(),
                    "no known key names: the first is "
                            + FormatException.quote(first)
                            + ", marks of known layouts are "
                            + KeyMaps.all().stream().map(Layout::mark).toList());
        }
        Map<String, ArrayData> arrays = new LinkedHashMap<>();
        List<String> dropped = new ArrayList<>();
        checkpoint.arrays().forEach((key, array) -> {
            if (layout.drops(key)) {
                dropped.add(key);
            } else if (arrays.put(layout.toOurs(key), array) != null) {
                throw new FormatException(
                        checkpoint.file(), "two keys mean " + FormatException.quote(layout.toOurs(key)));
            }
        });
        String reason = "it holds " + layout.mark() + ": " + layout.description();
        return new Weights(checkpoint.file(), layout, reason, arrays, dropped);
    }

    /// One encoder under torchvision's names: the query encoder of a MoCo, else the only one.
    public Map<String, ArrayData> encoder() {
        return layout.isMoco() ? encoder("encoder_q") : arrays;
    }

    /// One encoder of a MoCo under torchvision's names.
    ///
    /// @param which `encoder_q` or `encoder_k`
    /// @throws FormatException if the file has no such encoder
    public Map<String, ArrayData> encoder(String which) {
        Map<String, ArrayData> encoder = new LinkedHashMap<>();
        String prefix = which + ".";
        arrays.forEach((name, array) -> {
            if (name.startsWith(prefix)) {
                encoder.put(name.substring(prefix.length()), array);
            }
        });
        if (encoder.isEmpty()) {
            throw new FormatException(file, "no " + which + " (" + reason + ")");
        }
        return encoder;
    }

    /// [#encoder()] without its head: what downstream tasks start from.
    public Map<String, ArrayData> backbone() {
        Map<String, ArrayData> backbone = new LinkedHashMap<>(encoder());
        backbone.keySet().removeIf(name -> name.startsWith(HEAD) || name.startsWith("head."));
        return backbone;
    }

    /// [#encoder()], if it is the wanted network in all names and shapes. `num_batches_tracked` is
    /// optional.
    ///
    /// @throws FormatException naming the network found and the keys that are missing, unexpected
    ///   or of another shape
    public Map<String, ArrayData> encoder(ResNetSpec wanted) {
        return wanted.require(file, encoder());
    }

    /// [#backbone()], if it is that of the wanted network.
    ///
    /// @throws FormatException as [#encoder(ResNetSpec)]
    public Map<String, ArrayData> backbone(ResNetSpec wanted) {
        return wanted.withHead().require(file, backbone());
    }
}
