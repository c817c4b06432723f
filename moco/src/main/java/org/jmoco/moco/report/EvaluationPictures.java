package org.jmoco.moco.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jmoco.eval.result.EvaluationResult;
import org.jmoco.eval.result.ResultFolder;
import org.jmoco.eval.result.ResultTable;
import org.jmoco.eval.segment.LabelColours;

/// Pictures that lie beside a result and belong on its page: `pictures/*.png`, each with its name as the caption, and
/// what their colours mean.
final class EvaluationPictures {
    private static final String PNG = ".png";
    private static final int MOST_CLASSES = 100;

    private EvaluationPictures() {}

    /// A section with a card a picture, in the order of their names; nothing if there is none.
    static void addTo(Page page, Path folder, EvaluationResult result) {
        List<String> cards = cards(folder);
        if (cards.isEmpty()) {
            return;
        }
        boolean objects = result.protocol().startsWith("detect/");
        page.heading(
                objects
                        ? "Test images: what is annotated, what was found"
                        : "Test images: as they are, truth, prediction");
        page.cards(cards);
        List<String> classes = classes(result);
        if (!classes.isEmpty() && classes.size() <= MOST_CLASSES) {
            page.card(legend(classes, objects ? 1 : 0));
        }
    }

    /// Of the first table by class.
    private static List<String> classes(EvaluationResult result) {
        for (ResultTable table : result.tables()) {
            if (table.columns().getFirst().equals("class")) {
                return table.rows().stream()
                        .map(row -> row.getFirst().toString())
                        .toList();
            }
        }
        return List.of();
    }

    /// @param first the colour of the first class
    private static String legend(List<String> classes, int first) {
        StringBuilder html = new StringBuilder("<h3>Colours</h3><ul class=\"legend\">");
        for (int c = 0; c < classes.size(); c++) {
            html.append(String.format(
                    Locale.ROOT,
                    "<li><i style=\"background:#%06x\"></i>%s</li>",
                    LabelColours.of(c + first),
                    Svg.escape(classes.get(c))));
        }
        return html.append("</ul>").toString();
    }

    private static List<String> cards(Path folder) {
        Path pictures = folder.resolve(ResultFolder.PICTURES);
        if (!Files.isDirectory(pictures)) {
            return List.of();
        }
        List<String> cards = new ArrayList<>();
        try (Stream<Path> files = Files.list(pictures)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(PNG)).sorted().toList()) {
                String name = file.getFileName().toString();
                cards.add(Page.png(Files.readAllBytes(file), name.substring(0, name.length() - PNG.length())));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(pictures + " cannot be read: " + e.getMessage(), e);
        }
        return cards;
    }
}
