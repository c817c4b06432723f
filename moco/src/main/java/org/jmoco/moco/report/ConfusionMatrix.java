package org.jmoco.moco.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// How often each class was taken for which: a row a true class, a column a predicted one.
final class ConfusionMatrix {
    private static final int MOST_NAMED = 3;
    private static final int MOST_BESIDE = 11;
    private static final long MOST_COUNT = 9_999;
    /// Percent; more would drown the number.
    private static final int MOST_COLOUR = 40;

    private ConfusionMatrix() {}

    /// Many classes need the whole width of a page.
    static boolean isWide(int classes) {
        return classes > MOST_BESIDE;
    }

    /// Counts, or where they are too large to be read, such as those of pixels, shares of the row in percent.
    ///
    /// @param counts `[true][predicted]`
    static String of(String title, long[][] counts, List<String> names) {
        boolean shares = Arrays.stream(counts).flatMapToLong(Arrays::stream).anyMatch(c -> c > MOST_COUNT);
        StringBuilder html = new StringBuilder("<h3>" + Svg.escape(title + (shares ? ", % of a row" : ""))
                + "</h3><div class=\"scroll\" tabindex=\"0\">"
                + "<table class=\"confusion\"><tr><th>is ↓, taken for →</th>");
        names.forEach(n ->
                html.append("<th scope=\"col\"><span>").append(Svg.escape(n)).append("</span></th>"));
        html.append("</tr>");
        for (int i = 0; i < counts.length; i++) {
            html.append("<tr><th scope=\"row\">")
                    .append(Svg.escape(names.get(i)))
                    .append("</th>");
            long row = sum(counts[i]);
            for (int j = 0; j < counts.length; j++) {
                long share = row == 0 ? 0 : Math.round(100.0 * counts[i][j] / row);
                html.append(i == j ? "<td class=\"right\"" : "<td")
                        .append(
                                share == 0
                                        ? ""
                                        : " style=\"background:color-mix(in srgb," + Marks.colour(i == j ? 0 : 2) + " "
                                                + Math.min(MOST_COLOUR, share) + "%,transparent)\"")
                        .append(" title=\"")
                        .append(Svg.escape(names.get(i) + " taken for " + names.get(j) + ": " + counts[i][j]))
                        .append("\">")
                        .append(shares ? Long.toString(share) : Long.toString(counts[i][j]))
                        .append("</td>");
            }
            html.append("</tr>");
        }
        return html.append("</table></div>").toString();
    }

    private static long sum(long... row) {
        long sum = 0;
        for (long c : row) {
            sum += c;
        }
        return sum;
    }

    private record Mistake(int is, int takenFor, double share) {}

    /// `Most often mistaken: cat for dog (23 %), …`; empty if nothing was.
    static String mistakes(long[][] counts, List<String> names) {
        List<Mistake> all = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            for (int j = 0; j < counts.length; j++) {
                if (i != j && counts[i][j] > 0) {
                    all.add(new Mistake(i, j, 100.0 * counts[i][j] / sum(counts[i])));
                }
            }
        }
        all.sort(Comparator.comparingDouble(Mistake::share).reversed());
        return all.isEmpty()
                ? ""
                : "Most often mistaken: "
                        + String.join(
                                ", ",
                                all.stream()
                                        .limit(MOST_NAMED)
                                        .map(m -> String.format(
                                                Locale.ROOT,
                                                "%s for %s (%.0f %%)",
                                                names.get(m.is),
                                                names.get(m.takenFor),
                                                m.share))
                                        .toList())
                        + ".";
    }
}
