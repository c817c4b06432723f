package org.jmoco.moco.report;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.util.Base64;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/// Whether a page is whole, as far as its text tells; how it looks is told by [PagesInABrowserTest].
final class PageCheck {
    private static final Pattern IMAGE = Pattern.compile("<img [^>]*src=\"([^\"]*)\"");
    private static final Pattern DRAWING = Pattern.compile("<svg.*?</svg>", Pattern.DOTALL);
    private static final Pattern CHART = Pattern.compile("<svg class=\"(narrow|map)\"");
    private static final String DATA = "data:image/png;base64,";

    private PageCheck() {}

    /// Every picture is in the page and can be decoded, every drawing is well-formed with finite coordinates,
    /// nothing is fetched, nothing is a script.
    ///
    /// @return pictures and charts
    static int requireWhole(String html) throws IOException {
        assertFalse(
                html.contains("<script")
                        || html.contains("<iframe")
                        || html.contains("@import")
                        || html.contains("url("),
                "the page holds a script or something from elsewhere");
        assertFalse(
                Pattern.compile("(?:src|href)=\"(?!data:|#)").matcher(html).find(),
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
                            .matcher(svg.replaceAll("(aria-label|href)=\"[^\"]*\"", ""))
                            .find(),
                    "a drawing has a coordinate that is no number: " + svg);
        }
        return found + (int) CHART.matcher(html).results().count();
    }
}
