package org.jmoco.moco.report;

import java.util.List;

/// Test images on a page, each beside the training images that are nearest to it, with the names of their classes; a
/// solid frame and a tick say that the class is the same, a broken one and a cross that it is not.
final class NeighbourStrips {
    private NeighbourStrips() {}

    /// @param sheet  a PNG file of tiles as [NeighbourGrid] has them   @param labels likewise   @param classes their
    ///     names
    static String of(byte[] sheet, int[][] labels, List<String> classes) {
        int tile = NeighbourGrid.TILE;
        int width = tile * (labels.length == 0 ? 0 : labels[0].length);
        StringBuilder html = new StringBuilder(
                        "<svg class=\"sheet\" aria-hidden=\"true\"><defs><image id=\"sheet\" width=\"")
                .append(width)
                .append("\" height=\"")
                .append(tile * labels.length)
                .append("\" href=\"")
                .append(Page.data(sheet))
                .append("\"/></defs></svg><div class=\"strips\">");
        for (int r = 0; r < labels.length; r++) {
            html.append("<div class=\"strip\">");
            for (int c = 0; c < labels[r].length; c++) {
                String name = name(labels[r][c], classes);
                String css = c == 0 || labels[r][0] < 0 ? "asked" : labels[r][c] == labels[r][0] ? "same" : "other";
                html.append("<figure class=\"")
                        .append(css)
                        .append("\"><svg role=\"img\" aria-label=\"")
                        .append(name)
                        .append("\" viewBox=\"")
                        .append(c * tile + " " + r * tile + " " + tile + " " + tile)
                        .append("\"><use href=\"#sheet\"/></svg><figcaption>")
                        .append(name)
                        .append("</figcaption></figure>");
            }
            html.append("</div>");
        }
        return html.append("</div>").toString();
    }

    private static String name(int label, List<String> classes) {
        return Svg.escape(label < 0 ? "no class" : label < classes.size() ? classes.get(label) : "class " + label);
    }
}
