package org.jmoco.moco.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/// Whether a page is whole: what can be told from its text, and where there is a Chromium what that says.
final class PageCheck {
    private static final Pattern IMAGE = Pattern.compile("<img [^>]*src=\"([^\"]*)\"");
    private static final Pattern DRAWING = Pattern.compile("<svg.*?</svg>", Pattern.DOTALL);
    private static final String DATA = "data:image/png;base64,";

    private PageCheck() {}

    /// Every picture is in the page and can be decoded, every drawing is well-formed with finite coordinates,
    /// nothing is fetched, nothing is a script.
    ///
    /// @return pictures and drawings
    static int requireWhole(String html) throws IOException {
        assertFalse(
                html.contains("<script")
                        || html.contains("<iframe")
                        || html.contains("@import")
                        || html.contains("url("),
                "the page holds a script or something from elsewhere");
        assertFalse(
                Pattern.compile("(?:src|href)=\"(?!data:)").matcher(html).find(),
                "the page refers to something outside");
        int found = 0;
        for (String source : IMAGE.matcher(html).results().map(m -> m.group(1)).toList()) {
            assertTrue(source.startsWith(DATA), source);
            assertNotNull(
                    ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(source.substring(DATA.length())))),
                    "a picture cannot be decoded");
            found++;
        }
        for (String svg : DRAWING.matcher(html).results().map(m -> m.group()).toList()) {
            try {
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
            } catch (SAXException | ParserConfigurationException e) {
                throw new AssertionError("a drawing is not well-formed: " + svg, e);
            }
            assertFalse(
                    Pattern.compile("=\"[^\"]*(NaN|Infinity)")
                            .matcher(svg.replaceAll("aria-label=\"[^\"]*\"", ""))
                            .find(),
                    "a drawing has a coordinate that is no number: " + svg);
            found++;
        }
        return found;
    }

    static Optional<String> chromium() {
        return Stream.of(System.getenv("PATH").split(":"))
                .flatMap(dir -> Stream.of("chromium", "chromium-browser", "google-chrome")
                        .map(name -> Path.of(dir, name)))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }

    /// Opens a page in Chromium: the console stays empty and every picture has pixels.
    static void requireQuiet(String browser, Path page, Path folder) throws IOException, InterruptedException {
        String html = Files.readString(page);
        int pictures = (int) IMAGE.matcher(html).results().count();
        Path watched = Files.writeString(
                folder.resolve("watched.html"),
                html.replace(
                        "</body>",
                        "<script>addEventListener('load',()=>{const "
                                + "i=[...document.images];document.title='whole='+i.filter(p=>p.complete&&p.naturalWidth>0).length+' drawn='"
                                + "+[...document.querySelectorAll('svg')].filter(s=>s.getBoundingClientRect().height>20).length})</script></body>"));
        Path out = folder.resolve("dom.txt");
        Path err = folder.resolve("console.txt");
        Process process = new ProcessBuilder(List.of(
                        browser,
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--enable-logging=stderr",
                        "--v=0",
                        "--user-data-dir=" + folder.resolve("profile"),
                        "--virtual-time-budget=5000",
                        "--dump-dom",
                        watched.toUri().toString()))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        assertTrue(process.waitFor(180, TimeUnit.SECONDS), "Chromium does not end");
        List<String> console = Files.readAllLines(err).stream()
                .filter(l -> l.contains(":CONSOLE"))
                .toList();
        assertEquals(List.of(), console);
        String dom = Files.readString(out);
        int drawings = (int) DRAWING.matcher(html).results().count();
        assertTrue(
                dom.contains("<title>whole=" + pictures + " drawn=" + drawings + "</title>"),
                dom.substring(0, Math.min(400, dom.length())));
    }
}
