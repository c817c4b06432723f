package org.jmoco.eval.result;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A table of a result, such as the average precision of every class.
///
/// @param title what it shows @param columns their headings, with the unit where there is one @param rows cells:
///     text, or a number ([Integer], [Long], [Double])
public record ResultTable(String title, List<String> columns, List<List<Object>> rows) {

    /// @throws IllegalArgumentException if a row has not one cell a column
    public ResultTable {
        columns = List.copyOf(columns);
        rows = rows.stream().map(List::copyOf).toList();
        for (List<Object> row : rows) {
            if (row.size() != columns.size()) {
                throw new IllegalArgumentException(
                        "table '" + title + "': a row of " + row.size() + " cells for " + columns.size() + " columns");
            }
        }
    }

    /// An empty table, to which [#plus] adds rows.
    public static ResultTable of(String title, String... columns) {
        return new ResultTable(title, Arrays.asList(columns), List.of());
    }

    /// The table with one more row.
    public ResultTable plus(Object... cells) {
        List<List<Object>> more = new ArrayList<>(rows);
        more.add(Arrays.asList(cells));
        return new ResultTable(title, columns, more);
    }
}
