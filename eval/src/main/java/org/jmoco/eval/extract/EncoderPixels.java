package org.jmoco.eval.extract;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jmoco.nn.Stem;
import org.jmoco.nn.data.augment.Normalize;
import org.jmoco.nn.weights.Checkpoint;
import org.jmoco.tensor.io.FormatException;

/// What an encoder wants of the bytes of an image: the mean and deviation it was trained with. They belong to the
/// encoder, so nobody has to say them: jmoco's weights hold them, others follow from the stem.
public final class EncoderPixels {
    private static final String MEAN = "mean";
    private static final String STD = "std";

    private EncoderPixels() {}

    /// As a weights file says, else as its stem suggests.
    ///
    /// @throws FormatException if the file cannot be understood, or says something else than three numbers
    public static Normalize of(Path file, Stem stem) {
        Map<String, String> facts = Checkpoint.read(file).facts();
        return facts.containsKey(MEAN) && facts.containsKey(STD)
                ? new Normalize(numbers(file, facts.get(MEAN)), numbers(file, facts.get(STD)))
                : usual(stem);
    }

    /// Of an encoder of a file, or of an untrained one.
    public static Normalize of(Optional<Path> file, Stem stem) {
        return file.map(f -> of(f, stem)).orElseGet(() -> usual(stem));
    }

    /// CIFAR-10's with the stem for small images, else ImageNet's.
    private static Normalize usual(Stem stem) {
        return stem == Stem.CIFAR ? Normalize.CIFAR : Normalize.IMAGENET;
    }

    /// `[0.485, 0.456, 0.406]`.
    private static List<Double> numbers(Path file, String text) {
        try {
            List<Double> numbers = Arrays.stream(
                            text.replaceAll("[\\[\\]\\s]", "").split(",", -1))
                    .map(Double::valueOf)
                    .toList();
            if (numbers.size() == 3) {
                return numbers;
            }
        } catch (NumberFormatException e) {
            throw new FormatException(file.toString(), "mean and std are three numbers each, got " + text, e);
        }
        throw new FormatException(file.toString(), "mean and std are three numbers each, got " + text);
    }
}
