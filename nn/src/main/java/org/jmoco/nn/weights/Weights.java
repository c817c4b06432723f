package org.jmoco.nn.weights;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jmoco.tensor.io.ArrayData;
import org.jmoco.tensor.io.FormatException;

/// A checkpoint under our names (see the package page), arrays in PyTorch's order.
///
/// @param file stands for the file in messages
/// @param layout how the file names its keys
/// @param reason why this layout was taken, in words
/// @param note what else people should know of what was taken; empty for files of known projects as they are
/// @param arrays by our name, in the file's order
/// @param dropped the file's keys that repeat others, are no weights, or lie outside the prefix that was taken
/// @param skipped entries that could not be read: by our name, the reason
/// @param facts small values beside the arrays, as of [Checkpoint]
public record Weights(
        String file,
        Layout layout,
        String reason,
        String note,
        Map<String, ArrayData> arrays,
        List<String> dropped,
        Map<String, String> skipped,
        Map<String, String> facts) {
    private static final String QUERY = "encoder_q";
    private static final Pattern PART = Pattern.compile(".*-\\d{5}-of-(\\d{5})\\.[a-z]+");

    /// Reads a file and finds out its layout.
    ///
    /// @throws FormatException if the file cannot be understood, its layout is not known, or it holds several
    ///   encoders of which none is the one that is trained
    /// @throws java.io.UncheckedIOException if it cannot be read
    public static Weights read(Path file) {
        return read(file, Optional.empty());
    }

    /// As [#read(Path)], of the arrays whose names begin with a prefix.
    ///
    /// @param prefix such as `teacher.backbone`
    /// @throws FormatException also if no name begins so
    public static Weights read(Path file, Optional<String> prefix) {
        Matcher part = PART.matcher(file.toString());
        if (part.matches() && Integer.parseInt(part.group(1)) > 1) {
            throw new FormatException(
                    file.toString(),
                    "this is one of " + Integer.parseInt(part.group(1))
                            + " files; give the index beside it, whose name ends with .index.json");
        }
        if (Files.isDirectory(file)) {
            throw new FormatException(
                    file.toString(), "this is a folder; give the file with the weights in it" + in(file));
        }
        Checkpoint checkpoint = Checkpoint.read(file);
        return of(prefix.map(checkpoint::under).orElse(checkpoint));
    }

    /// Which of a folder's files it could be, by the names that projects give them.
    private static String in(Path folder) {
        return Stream.of("final.safetensors", "model.safetensors.index.json", "model.safetensors", "pytorch_model.bin")
                .filter(name -> Files.isRegularFile(folder.resolve(name)))
                .findFirst()
                .map(name -> ", " + name)
                .orElse("");
    }

    /// @throws FormatException if the layout is not known, there are several encoders, or two keys get the same
    ///   name
    public static Weights of(Checkpoint checkpoint) {
        EncoderSearch.Result result = EncoderSearch.in(checkpoint);
        if (result.found() == null) {
            throw new FormatException(checkpoint.file(), result.problem());
        }
        EncoderSearch.Found found = result.found();
        Layout layout = found.layout();
        String prefix = found.prefix();
        Map<String, ArrayData> arrays = new LinkedHashMap<>();
        List<String> dropped = new ArrayList<>();
        checkpoint.arrays().forEach((key, array) -> {
            String rest = key.startsWith(prefix) ? key.substring(prefix.length()) : null;
            if (rest == null || layout.drops(rest)) {
                dropped.add(key);
            } else if (arrays.put(layout.toOurs(rest), array) != null) {
                throw new FormatException(
                        checkpoint.file(), "two keys mean " + FormatException.quote(layout.toOurs(rest)));
            }
        });
        Map<String, String> skipped = new LinkedHashMap<>();
        checkpoint.skipped().forEach((key, why) -> {
            if (key.startsWith(prefix) && !layout.drops(key.substring(prefix.length()))) {
                skipped.put(layout.toOurs(key.substring(prefix.length())), why);
            }
        });
        String reason = "it holds " + found.key() + ": " + layout.description();
        return new Weights(
                checkpoint.file(), layout, reason, note(found), arrays, dropped, skipped, checkpoint.facts());
    }

    private static String note(EncoderSearch.Found found) {
        if (found.prefix().isEmpty() && found.others().isEmpty()) {
            return "";
        }
        String others = found.others().isEmpty() ? "" : ", not " + String.join(", ", found.others());
        return "prefix " + (found.encoderPrefix().isEmpty() ? "none" : found.encoderPrefix()) + others;
    }

    /// One encoder under torchvision's names: the query encoder of a MoCo, else the only one. With whatever else
    /// lies beside it.
    public Map<String, ArrayData> encoder() {
        return layout.isMoco() ? encoder(QUERY) : arrays;
    }

    /// One encoder of a MoCo under torchvision's names.
    ///
    /// @param which `encoder_q` or `encoder_k`
    /// @throws FormatException if the file has no such encoder
    public Map<String, ArrayData> encoder(String which) {
        Map<String, ArrayData> encoder = behind(which, arrays);
        if (encoder.isEmpty()) {
            throw new FormatException(file, "no " + which + " (" + reason + ")");
        }
        return encoder;
    }

    private static <T> Map<String, T> behind(String which, Map<String, T> named) {
        Map<String, T> found = new LinkedHashMap<>();
        String prefix = which + ".";
        named.forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                found.put(name.substring(prefix.length()), value);
            }
        });
        return found;
    }

    /// Why entries of [#encoder()] could not be read, by name.
    private Map<String, String> unread() {
        return layout.isMoco() ? behind(QUERY, skipped) : skipped;
    }

    /// The network of [#encoder()], with the head that it has.
    ///
    /// @throws FormatException if it is no ResNet that is known
    public ResNetSpec spec() {
        return specOf(encoder(), unread());
    }

    private ResNetSpec specOf(Map<String, ArrayData> encoder, Map<String, String> unread) {
        ResNetSpec spec = ResNetSpec.guess(encoder);
        if (spec == null) {
            String lost = unread.entrySet().stream()
                    .findFirst()
                    .map(e -> "; " + unread.size() + " entries cannot be read, such as " + e.getKey() + ": "
                            + e.getValue())
                    .orElse("");
            throw new FormatException(file, "holds no ResNet that is known (" + reason + ")" + lost);
        }
        return spec;
    }

    /// The network's own arrays, all of them, with the head that it has and without what lies beside it.
    ///
    /// @throws FormatException if it is no ResNet that is known, or arrays are missing, unexpected, of another
    ///   shape or no floating-point numbers
    public Map<String, ArrayData> network() {
        return encoder(spec());
    }

    /// As [#network()], of one encoder of a MoCo.
    ///
    /// @param which `encoder_q` or `encoder_k`
    public Map<String, ArrayData> network(String which) {
        Map<String, ArrayData> encoder = encoder(which);
        Map<String, String> unread = behind(which, skipped);
        return specOf(encoder, unread).require(file, encoder, unread);
    }

    /// [#network()] without its head: what downstream tasks start from.
    ///
    /// @throws FormatException as [#network()]
    public Map<String, ArrayData> backbone() {
        return encoder(spec().withHead());
    }

    /// The arrays of [#encoder()], if it is the wanted network in all names and shapes. `num_batches_tracked` is
    /// optional.
    ///
    /// @throws FormatException naming the network found and the keys that are missing, unexpected
    ///   or of another shape
    public Map<String, ArrayData> encoder(ResNetSpec wanted) {
        return wanted.require(file, encoder(), unread());
    }

    /// [#backbone()], if it is that of the wanted network.
    ///
    /// @throws FormatException as [#encoder(ResNetSpec)]
    public Map<String, ArrayData> backbone(ResNetSpec wanted) {
        return encoder(wanted.withHead());
    }

    /// How [#encoder()] differs from a network.
    ResNetSpec.Difference compare(ResNetSpec network) {
        return network.compare(encoder(), unread());
    }

    /// @throws FormatException if arrays of an encoder could not be read, or hold integers where weights belong
    void requireReadable() {
        ResNetSpec spec = ResNetSpec.guess(encoder());
        boolean lost = spec != null
                && (!compare(spec).wrongType().isEmpty()
                        || spec.shapes().keySet().stream().anyMatch(unread()::containsKey));
        if (lost || spec == null && !unread().isEmpty()) {
            network();
        }
    }

    /// What lies in [#encoder()] beside the network's own arrays: heads that are not understood, projectors,
    /// classifiers.
    public List<String> beside(ResNetSpec network) {
        Map<String, ArrayData> own = network.own(encoder());
        return encoder().keySet().stream()
                .filter(name -> !own.containsKey(name))
                .toList();
    }
}
