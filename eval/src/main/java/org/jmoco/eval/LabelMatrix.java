package org.jmoco.eval;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jmoco.nn.data.DataException;
import org.jmoco.tensor.io.ArrayData;

/// What is known of every item and class: 1 in the class, 0 not in it, −1 ignored ("difficult" in Pascal VOC, or
/// not drawn in a low-shot draw).
///
/// This is the coding of the published label files; VOC's own text files use −1 for absent and 0 for difficult.
public final class LabelMatrix {

    private final byte[] values;
    private final int classes;
    private final List<String> names;

    private LabelMatrix(byte[] values, int classes, List<String> names) {
        this.values = values;
        this.classes = classes;
        this.names = names;
    }

    /// Several labels an item.
    ///
    /// @param values `[n][classes]`, each 1, 0 or −1
    /// @throws IllegalArgumentException if there are no items, rows differ in length, or another value occurs
    public static LabelMatrix of(int[][] values) {
        if (values.length == 0 || values[0].length == 0) {
            throw new IllegalArgumentException("there are no items or no classes");
        }
        int classes = values[0].length;
        byte[] cells = new byte[values.length * classes];
        for (int i = 0; i < values.length; i++) {
            if (values[i].length != classes) {
                throw new IllegalArgumentException(
                        "item " + i + " has " + values[i].length + " classes, item 0 has " + classes);
            }
            for (int c = 0; c < classes; c++) {
                cells[i * classes + c] = cell(values[i][c], i, c);
            }
        }
        return new LabelMatrix(cells, classes, List.of());
    }

    /// One class an item: 1 there, 0 in all other columns.
    ///
    /// @param ids `[n]`, each in `0 … classes − 1` @param classes number of columns
    /// @throws IllegalArgumentException if there are no items or an id is out of range
    public static LabelMatrix ofIds(int[] ids, int classes) {
        if (ids.length == 0 || classes < 1) {
            throw new IllegalArgumentException("there are no items or no classes");
        }
        byte[] cells = new byte[ids.length * classes];
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] < 0 || ids[i] >= classes) {
                throw new IllegalArgumentException(
                        "item " + i + " has class " + ids[i] + ", outside 0 … " + (classes - 1));
            }
            cells[i * classes + ids[i]] = 1;
        }
        return new LabelMatrix(cells, classes, List.of());
    }

    /// Labels of a file: integers `[n, classes]` of 1, 0, −1, or class ids `[n]`.
    ///
    /// @param name stands for the file in messages @param classes number of classes that ids are of, or 0 for one
    ///     more than the highest id
    /// @throws DataException if the shape is another one, the elements are no integers, or a value is out of range
    public static LabelMatrix of(String name, ArrayData array, int classes) {
        if (array.type().isFloating()) {
            throw new DataException(name + ": labels must be integers, the file holds " + array);
        }
        try {
            int[] values = array.toIntArray();
            if (array.rank() == 1) {
                return ofIds(
                        values,
                        classes > 0 ? classes : IntStream.of(values).max().orElse(0) + 1);
            }
            if (array.rank() == 2) {
                int columns = (int) array.dim(1);
                return of(IntStream.range(0, (int) array.dim(0))
                        .mapToObj(i -> Arrays.copyOfRange(values, i * columns, (i + 1) * columns))
                        .toArray(int[][]::new));
            }
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new DataException(name + ": " + e.getMessage(), e);
        }
        throw new DataException(
                name + ": labels must be [n] class ids or [n, classes] of 1, 0, -1; the file holds " + array);
    }

    /// The same labels with names for the classes, which messages and tables then use.
    ///
    /// @throws IllegalArgumentException if there is not one name a class
    public LabelMatrix named(List<String> names) {
        if (names.size() != classes) {
            throw new IllegalArgumentException("labels: " + names.size() + " names for " + classes + " classes");
        }
        return new LabelMatrix(values, classes, List.copyOf(names));
    }

    /// The name of a class, or its number where it has none.
    public String name(int column) {
        return names.isEmpty() ? "class " + column : names.get(column);
    }

    /// Number of items `n`.
    public int items() {
        return values.length / classes;
    }

    public int classes() {
        return classes;
    }

    /// 1, 0 or −1.
    public int at(int item, int column) {
        return values[item * classes + column];
    }

    /// `[n]`, the labels of one class.
    public int[] column(int column) {
        return IntStream.range(0, items()).map(i -> at(i, column)).toArray();
    }

    /// `[classes]`, the labels of one item.
    public int[] row(int item) {
        return IntStream.range(0, classes).map(c -> at(item, c)).toArray();
    }

    /// How often a value occurs in the labels of one class.
    public int count(int column, int value) {
        return (int)
                IntStream.range(0, items()).filter(i -> at(i, column) == value).count();
    }

    /// The same labels of the same number of classes; names do not count.
    @Override
    public boolean equals(Object other) {
        return other instanceof LabelMatrix that && classes == that.classes && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return 31 * classes + Arrays.hashCode(values);
    }

    private static byte cell(int value, int item, int column) {
        if (value < -1 || value > 1) {
            throw new IllegalArgumentException("item " + item + ", class " + column + " has " + value
                    + "; only 1 (in the class), " + "0 (not in it) and -1 (ignored) are known");
        }
        return (byte) value;
    }
}
