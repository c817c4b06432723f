package org.jmoco.moco.report;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.SequencedMap;
import org.jmoco.tensor.io.AtomicFile;

/// One HTML file that needs nothing else: style, charts and pictures are in it, there is no script.
final class Page {
    private static final String STYLE = """
            :root{color-scheme:light dark;--ink:#1c1e21;--muted:#6b7280;--line:#e3e5e8;--card:#fff;--back:#f6f7f8}
            @media(prefers-color-scheme:dark){:root{--ink:#e6e7ea;--muted:#9aa1ab;--line:#34383f;--card:#1e2126;--back:#15171a}}
            body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--back);margin:0 auto;max-width:1220px;padding:24px}
            h1{font-size:24px;margin:0 0 4px}h2{font-size:18px;margin:32px 0 10px}.lead{color:var(--muted);margin:0 0 20px}
            .cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,520px),1fr));gap:14px}
            .card{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:14px;overflow-x:auto}
            .numbers{display:flex;flex-wrap:wrap;gap:14px}.numbers div{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:10px 16px}
            .numbers b{display:block;font-size:22px;font-weight:600}.numbers span{color:var(--muted);font-size:13px}
            svg{width:100%;height:auto;display:block}svg text{fill:var(--ink);font:12px system-ui,sans-serif}svg .tick{fill:var(--muted);font-size:11px}svg .title{font-weight:600;font-size:13px}
            .grid{stroke:var(--line);stroke-width:1}.curve{fill:none;stroke-width:1.8;stroke-linejoin:round}
            table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}td,th{text-align:left;padding:4px 12px 4px 0;border-bottom:1px solid var(--line);vertical-align:top}th{font-weight:600}
            td.n,th.n{text-align:right}pre{margin:0;font:12px/1.5 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere}
            img{max-width:100%;image-rendering:pixelated}.legend{margin:6px 0 0;font-size:12px;color:var(--muted)}.legend span{margin-right:12px;white-space:nowrap}
            .legend i{display:inline-block;width:10px;height:10px;border-radius:2px;margin-right:5px}.warn{border-left:4px solid #e15759}
            """;

    private final StringBuilder body = new StringBuilder();
    private final String title;

    Page(String title, String lead) {
        this.title = title;
        body.append("<h1>")
                .append(Svg.escape(title))
                .append("</h1><p class=\"lead\">")
                .append(Svg.escape(lead))
                .append("</p>");
    }

    Page heading(String text) {
        body.append("<h2>").append(Svg.escape(text)).append("</h2>");
        return this;
    }

    /// Large numbers with their names under them.
    Page numbers(SequencedMap<String, String> numbers) {
        body.append("<div class=\"numbers\">");
        numbers.forEach((name, value) -> body.append("<div><b>")
                .append(Svg.escape(value))
                .append("</b><span>")
                .append(Svg.escape(name))
                .append("</span></div>"));
        body.append("</div>");
        return this;
    }

    /// Charts, tables or pictures beside one another.
    Page cards(List<String> html) {
        body.append("<div class=\"cards\">");
        html.forEach(h -> body.append("<div class=\"card\">").append(h).append("</div>"));
        body.append("</div>");
        return this;
    }

    Page warning(String text) {
        body.append("<p class=\"card warn\">").append(Svg.escape(text)).append("</p>");
        return this;
    }

    static String preformatted(String text) {
        return "<pre>" + Svg.escape(text) + "</pre>";
    }

    /// A picture inside the page.
    static String png(byte[] file, String description) {
        return "<img alt=\"" + Svg.escape(description) + "\" src=\"data:image/png;base64,"
                + Base64.getEncoder().encodeToString(file) + "\">";
    }

    /// @param numeric whether columns after the first hold numbers
    static String table(List<String> head, List<List<String>> rows, boolean numeric) {
        StringBuilder html = new StringBuilder("<table><tr>");
        for (int i = 0; i < head.size(); i++) {
            html.append(cell("th", head.get(i), numeric && i > 0));
        }
        for (List<String> row : rows) {
            html.append("</tr><tr>");
            for (int i = 0; i < row.size(); i++) {
                html.append(cell("td", row.get(i), numeric && i > 0));
            }
        }
        return html.append("</tr></table>").toString();
    }

    private static String cell(String tag, String text, boolean number) {
        return "<" + tag + (number ? " class=\"n\"" : "") + ">" + Svg.escape(text) + "</" + tag + ">";
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
