package org.jmoco.eval.extract;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jmoco.nn.Arch;
import org.jmoco.nn.Identity;
import org.jmoco.nn.ResNet;
import org.jmoco.nn.StateDict;
import org.jmoco.nn.Stem;
import org.jmoco.nn.weights.ResNetSpec;
import org.jmoco.nn.weights.Weights;
import org.jmoco.tensor.io.FormatException;

/// A network to take features from.
///
/// ```java
/// Encoder trained   = Encoder.read(Path.of("mocov2.pth.tar"));                 // what it is follows from names and
/// shapes
/// Encoder untrained = Encoder.untrained(trained.net().config(), seed);         // what a benchmark compares it with
/// Encoder watched   = Encoder.of(queryEncoder, "epoch 12");                    // while it is being trained
/// ```
///
/// @param net     read where it stands: of a network that is being trained, features are those of the moment
/// @param hasHead whether its head is more than the pooled features themselves
/// @param source  where the weights come from, in words
public record Encoder(ResNet net, boolean hasHead, String source) {
    /// A network that exists.
    public static Encoder of(ResNet net, String source) {
        return new Encoder(net, !(net.head() instanceof Identity), source);
    }

    /// The encoder in a weights file of any layout that [Weights] knows: of a MoCo the query encoder. Depth, stem,
    /// width and head follow from names and shapes.
    ///
    /// @throws FormatException if the file cannot be understood, holds no ResNet, or arrays are
    ///     missing or of another shape
    /// @throws java.io.UncheckedIOException if it cannot be read
    public static Encoder read(Path file) {
        return read(file, Wanted.ANY);
    }

    /// As [#read(Path)], if the network is the wanted one.
    ///
    /// @throws FormatException also if it is another one, naming both
    public static Encoder read(Path file, Wanted wanted) {
        return read(file, Optional.empty(), wanted);
    }

    /// As [#read(Path, Wanted)], of the arrays whose names begin with a prefix, such as `teacher.backbone`.
    public static Encoder read(Path file, Optional<String> prefix, Wanted wanted) {
        return of(Weights.read(file, prefix), wanted);
    }

    /// The encoder of weights in memory, if the network is the wanted one.
    public static Encoder of(Weights weights, Wanted wanted) {
        ResNetSpec spec = weights.spec();
        wanted.check(weights.file(), spec);
        ResNet net = spec.net();
        StateDict.load(net, weights.encoder(spec));
        String note = weights.note().isEmpty() ? "" : " (" + weights.note() + ")";
        return new Encoder(net, !spec.head().isEmpty(), weights.file() + note);
    }

    /// A backbone with its initial weights, without a head.
    public static Encoder untrained(ResNet.Config config, long seed) {
        ResNet net = new ResNet(config);
        net.initialize(seed);
        return new Encoder(net, false, "untrained, seed " + seed);
    }

    /// SHA-256 of all parameters and buffers with their names, as 64 hexadecimal digits: equal for equal networks,
    /// whatever file they came from.
    public String fingerprint() {
        MessageDigest digest = sha256();
        StateDict.of(net).forEach((name, array) -> {
            digest.update((name + array).getBytes(StandardCharsets.UTF_8));
            digest.update(array.payload().asByteBuffer());
        });
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /// For people: `ResNet-18 (CIFAR stem, width 16)`.
    public String network() {
        ResNet.Config c = net.config();
        return c.arch() + " (" + c.stem() + ", width " + c.width() + ")";
    }

    /// What is asked of a network; parts that do not matter are left out.
    ///
    /// @param width channels of the first stage; 64 is the network of the papers
    public record Wanted(Optional<Arch> arch, Optional<Stem> stem, Optional<Integer> width) {
        public static final Wanted ANY = new Wanted(Optional.empty(), Optional.empty(), Optional.empty());

        public Wanted {
            if (width.isPresent() && width.get() < 1) {
                throw new IllegalArgumentException("encoder.width must be at least 1, got " + width.get());
            }
        }

        /// The network itself; what is left out is as in the papers: ResNet-50, stem for ImageNet, width 64.
        public ResNet.Config config() {
            return ResNet.Config.of(arch.orElse(Arch.RESNET50))
                    .stem(stem.orElse(Stem.IMAGENET))
                    .width(width.orElse(64));
        }

        private void check(String file, ResNetSpec found) {
            ResNet.Config config = found.config();
            List<String> differing = new ArrayList<>();
            if (!arch.map(a -> a == config.arch()).orElse(true)) {
                differing.add("depth");
            }
            if (!stem.map(s -> s == config.stem()).orElse(true)) {
                differing.add("stem");
            }
            if (!width.map(w -> w == config.width()).orElse(true)) {
                differing.add("width");
            }
            if (!differing.isEmpty()) {
                throw new FormatException(
                        file,
                        "is a " + found + ", wanted is a " + this + "; what differs: " + String.join(", ", differing));
            }
        }

        @Override
        public String toString() {
            return arch.map(Arch::toString).orElse("ResNet")
                    + stem.map(s -> ", " + s).orElse("")
                    + width.map(w -> ", width " + w).orElse("");
        }
    }
}
