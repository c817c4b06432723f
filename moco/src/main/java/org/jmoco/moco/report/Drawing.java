package org.jmoco.moco.report;

import java.util.function.Function;

/// A chart drawn for three widths of its card; the page shows the one that fits, so letters keep their size on a
/// phone and on a wide screen.
final class Drawing {
    /// One of the widths, in pixels where it is shown as drawn.
    ///
    /// @param css    its class on the page
    /// @param ticks  how many parts the horizontal axis may have
    record Size(String css, int width, int height, int ticks) {}

    private static final Size NARROW = new Size("narrow", 330, 220, 3);
    private static final Size WIDE = new Size("wide", 540, 250, 5);
    private static final Size FULL = new Size("full", 1100, 300, 10);

    private Drawing() {}

    /// @param title what is drawn, with its unit   @param note what to make of it, or empty   @param legend or empty
    static String of(String title, String note, String legend, Function<Size, Svg> draw) {
        return "<h3>" + Svg.escape(title) + "</h3>" + draw.apply(NARROW) + draw.apply(WIDE) + draw.apply(FULL) + legend
                + (note.isEmpty() ? "" : Page.note(note));
    }
}
