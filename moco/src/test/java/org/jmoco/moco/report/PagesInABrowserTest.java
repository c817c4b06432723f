package org.jmoco.moco.report;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Pages of every kind in a Chromium, on screens and on a phone, light and dark: nothing leaves the page, no table has
/// to scroll on a screen, letters are of 11 pixels or more and stand out from their ground, labels do not lie on one
/// another, no place of a grid is
/// empty, the console stays quiet. With `-Djmoco.screenshots=DIR` pictures of them are kept there.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PagesInABrowserTest {
    private static final List<Integer> WIDTHS = List.of(1280, 960, 768, 390);

    private final String look = script();
    private Map<String, Path> pages;
    private Browser browser;

    private static String script() {
        try (InputStream in = PagesInABrowserTest.class.getResourceAsStream("look.js")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeAll
    void open(@TempDir Path folder) throws IOException, InterruptedException {
        assumeTrue(
                Browser.missing().isEmpty(),
                () -> "pages are not looked at: " + Browser.missing().orElseThrow());
        pages = new MadePages(folder).write();
        browser = Browser.open(folder);
    }

    @AfterAll
    void close() throws IOException, InterruptedException {
        if (browser != null) {
            browser.close();
        }
    }

    @Test
    void everyPageLooksWellOnAScreenAndOnAPhoneLightAndDark() throws IOException, InterruptedException {
        String keep = System.getProperty("jmoco.screenshots");
        List<String> wrong = new ArrayList<>();
        for (Map.Entry<String, Path> page : pages.entrySet()) {
            for (int width : WIDTHS) {
                for (boolean dark : List.of(false, true)) {
                    String name = page.getKey() + "-" + width + (dark ? "-dark" : "-light");
                    browser.show(page.getValue(), width, dark);
                    if (keep != null) {
                        Files.createDirectories(Path.of(keep));
                        Files.write(Path.of(keep, name + ".png"), browser.picture());
                    }
                    browser.run(look).lines().forEach(line -> wrong.add(name + ": " + line));
                    if (browser.console().contains("\"level\"")) {
                        wrong.add(name + ": the console is not quiet");
                    }
                }
            }
        }
        assertTrue(wrong.isEmpty(), () -> String.join("\n", wrong));
    }

    /// The look itself: a page on which everything is wrong.
    @Test
    void whatIsWrongIsSeen(@TempDir Path folder) throws IOException, InterruptedException {
        Path page = Files.writeString(folder.resolve("wrong.html"), """
            <!doctype html><body style='margin:0'><p style='width:2000px'>wide</p><p style='font-size:9px'>small</p>
            <p style='color:#bbb;background:#fff'>faint</p>
            <div class='grid' style='width:300px'><div class='card' style='width:100px'>a hole</div></div>
            <svg width='100' height='40'>
            <text x='5' y='20'>one</text><text x='9' y='20'>two</text><text x='90' y='20'>three</text></svg>
            <svg width='100' height='40' viewBox='0 0 200 80'><text x='5' y='20'>shrunk</text></svg>
            <div style='width:200px;overflow-x:auto' class='scroll'><table><tr><td>
            <div style='width:300px'>clipped</div></td></tr></table></div>
            """);
        browser.show(page, 390, false);
        assertFalse(browser.run(look).contains("has to scroll"), "on a phone tables may");
        browser.show(page, 768, false);
        assertTrue(browser.run(look).contains("\"clipped\" has to scroll: 306 pixels in 200"), browser.run(look));
        browser.show(page, 390, false);
        String wrong = browser.run(look);
        for (String part : List.of(
                "pixels wide in a window of 390",
                "\"small\" has letters of 9.0 pixels",
                "\"faint\" stands out by",
                "a row of cards fills 0 to 100 of 0 to 300",
                "\"one\" lies on",
                "\"three\" leaves the chart",
                "\"shrunk\" has letters of 8.0 pixels")) {
            assertTrue(wrong.contains(part), part + " is not among:\n" + wrong);
        }
    }
}
