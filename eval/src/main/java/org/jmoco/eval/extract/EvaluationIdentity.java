package org.jmoco.eval.extract;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jmoco.nn.data.source.DataSpec;
import org.jmoco.nn.data.source.ImageSource;
import org.jmoco.nn.train.RunIdentity;

/// What an evaluation is of: its settings, the encoders, and the images with their classes. Where the data lies
/// and how many threads load it may differ.
public final class EvaluationIdentity {
    private static final Set<String> FREE = Set.of("data.path", "data.workers", "data.unreadable");

    private EvaluationIdentity() {}

    /// @param settings the configuration by key
    /// @param data     where the images are
    public static RunIdentity of(
            Map<String, String> settings, List<Encoder> encoders, DataSpec data, ImageSource train, ImageSource test) {
        return RunIdentity.EMPTY
                .with(settings, FREE::contains)
                .with("encoder", encoders.stream().map(Encoder::fingerprint).collect(Collectors.joining(" ")))
                .with("the training data", images(data, train))
                .with("the test data", images(data, test));
    }

    private static String images(DataSpec data, ImageSource images) {
        List<String> ids = data.ids(images);
        return images.size() + " images (names and classes "
                + RunIdentity.digest(IntStream.range(0, ids.size()).mapToObj(i -> ids.get(i) + " " + images.label(i)))
                + ")";
    }
}
