package org.jmoco.moco.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.SequencedMap;
import org.jmoco.tensor.io.AtomicFile;

/// One HTML file that needs nothing else: style, charts and pictures are in it, there is no script. Cards stand in a
/// grid without gaps; on a phone they stand below one another.
final class Page {
    private static final String STYLE = style();

    /// Of a table in half a window.
    private static final int MOST_COLUMNS = 6;

    private final StringBuilder body = new StringBuilder();
    private final String title;

    /// @param leads lines under the title: what it is, when and where it was made
    Page(String title, List<String> leads) {
        this.title = title;
        body.append("<h1>").append(Svg.escape(title)).append("</h1>");
        leads.forEach(lead ->
                body.append("<p class=\"lead\">").append(Svg.escape(lead)).append("</p>"));
    }

    private static String style() {
        try (InputStream in = Page.class.getResourceAsStream("page.css")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("page.css cannot be read from the jar", e);
        }
    }

    Page heading(String text) {
        body.append("<h2>").append(Svg.escape(text)).append("</h2>");
        return this;
    }

    /// What was found, in sentences; the first one large.
    Page found(List<String> sentences) {
        body.append("<div class=\"card found\">");
        sentences.forEach(s -> body.append("<p>").append(Svg.escape(s)).append("</p>"));
        body.append("</div>");
        return this;
    }

    /// Numbers with their names, in a strip.
    Page facts(SequencedMap<String, String> facts) {
        if (!facts.isEmpty()) {
            body.append("<dl class=\"facts\">");
            facts.forEach((name, value) -> body.append("<div><dt>")
                    .append(Svg.escape(name))
                    .append("</dt><dd>")
                    .append(Svg.escape(value))
                    .append("</dd></div>"));
            body.append("</dl>");
        }
        return this;
    }

    /// Charts, tables or pictures beside one another.
    Page cards(List<String> html) {
        body.append(grid(html));
        return this;
    }

    /// Cards in pairs, and of an odd number the last three abreast. A table gets half of a wide window alone, one of
    /// many columns the whole of it: nobody looks for columns beyond the edge of a card.
    static String grid(List<String> html) {
        boolean tables = html.stream().anyMatch(h -> h.contains("<table"));
        boolean wide = html.stream().anyMatch(h -> h.split("<th", -1).length - 1 > MOST_COLUMNS);
        StringBuilder grid = new StringBuilder(tables ? "<div class=\"grid tables\">" : "<div class=\"grid\">");
        int n = html.size();
        for (int i = 0; i < n; i++) {
            String width = n == 1 || wide ? "" : n % 2 == 1 && i >= n - 3 ? " third" : " half";
            grid.append("<div class=\"card")
                    .append(width)
                    .append("\">")
                    .append(html.get(i))
                    .append("</div>");
        }
        return grid.append("</div>").toString();
    }

    /// What needs the whole width.
    Page card(String html) {
        return cards(List.of(html));
    }

    /// What few want to see, behind a line that opens it.
    Page folded(String summary, String html) {
        body.append("<details class=\"card\"><summary>")
                .append(Svg.escape(summary))
                .append("</summary>")
                .append(html)
                .append("</details>");
        return this;
    }

    Page warning(String text) {
        body.append("<p class=\"card warn\">").append(Svg.escape(text)).append("</p>");
        return this;
    }

    static String note(String text) {
        return "<p class=\"note\">" + Svg.escape(text) + "</p>";
    }

    static String titled(String title, String html) {
        return "<h3>" + Svg.escape(title) + "</h3>" + html;
    }

    static String preformatted(String text) {
        return "<pre>" + Svg.escape(text) + "</pre>";
    }

    /// A picture inside the page, with its caption.
    static String png(byte[] file, String caption) {
        String text = Svg.escape(caption);
        return "<figure class=\"picture\"><img alt=\"" + text + "\" src=\"" + data(file) + "\"><figcaption>" + text
                + "</figcaption></figure>";
    }

    /// A PNG file as an address.
    static String data(byte[] file) {
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(file);
    }

    /// @param numeric whether columns after the first hold numbers
    static String table(List<String> head, List<List<String>> rows, boolean numeric) {
        return table(head, rows, numeric, -1);
    }

    /// A table that scrolls where it is wider than its card.
    ///
    /// @param numeric whether columns after the first hold numbers   @param own the row the page is about; −1 for
    ///     none
    static String table(List<String> head, List<List<String>> rows, boolean numeric, int own) {
        StringBuilder html = new StringBuilder("<div class=\"scroll\" tabindex=\"0\"><table><tr>");
        for (int i = 0; i < head.size(); i++) {
            html.append(cell("th", head.get(i), numeric && i > 0));
        }
        for (int r = 0; r < rows.size(); r++) {
            html.append(r == own ? "</tr><tr class=\"own\">" : "</tr><tr>");
            for (int i = 0; i < rows.get(r).size(); i++) {
                html.append(cell("td", rows.get(r).get(i), numeric && i > 0));
            }
        }
        return html.append("</tr></table></div>").toString();
    }

    private static String cell(String tag, String text, boolean number) {
        String css = number ? " class=\"n\"" : text.length() > 40 && tag.equals("td") ? " class=\"long\"" : "";
        return "<" + tag + css + ">" + Svg.escape(text) + "</" + tag + ">";
    }

    /// The file as text.
    String html() {
        return "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
                + "content=\"width=device-width,initial-scale=1\"><link rel=\"icon\" href=\"data:,\"><title>"
                + Svg.escape(title) + "</title><style>" + STYLE + "</style></head><body>" + body + "</body></html>\n";
    }

    void write(Path file) {
        AtomicFile.write(
                file, c -> AtomicFile.append(c, MemorySegment.ofArray(html().getBytes(StandardCharsets.UTF_8))));
    }
}
