package org.jmoco.moco.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jmoco.eval.result.ResultFolder;

/// Pictures that lie beside a result and belong on its page: `pictures/*.png`, each with its name as the caption.
final class EvaluationPictures {
    private static final String PNG = ".png";

    private EvaluationPictures() {}

    /// A card a picture, in the order of their names.
    static List<String> cards(Path folder) {
        Path pictures = folder.resolve(ResultFolder.PICTURES);
        if (!Files.isDirectory(pictures)) {
            return List.of();
        }
        List<String> cards = new ArrayList<>();
        try (Stream<Path> files = Files.list(pictures)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(PNG)).sorted().toList()) {
                String name = file.getFileName().toString();
                String caption = name.substring(0, name.length() - PNG.length());
                cards.add("<b>" + Svg.escape(caption) + "</b><br>" + Page.png(Files.readAllBytes(file), caption));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(pictures + " cannot be read: " + e.getMessage(), e);
        }
        return cards;
    }
}
