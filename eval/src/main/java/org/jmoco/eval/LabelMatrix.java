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

    /// `[classes]`, the class number that a column stands for; empty where columns count the classes.
    private final int[] numbers;

    private LabelMatrix(byte[] values, int classes, List<String> names, int[] numbers) {
        this.values = values;
        this.classes = classes;
        this.names = names;
        this.numbers = numbers;
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
        byte[] cells = cells(values.length, classes);
        for (int i = 0; i < values.length; i++) {
            if (values[i].length != classes) {
                throw new IllegalArgumentException(
                        "item " + i + " has " + values[i].length + " classes, item 0 has " + classes);
            }
            for (int c = 0; c < classes; c++) {
                cells[i * classes + c] = cell(values[i][c], i, c);
            }
        }
        return new LabelMatrix(cells, classes, List.of(), new int[0]);
    }

    /// One class an item: 1 there, 0 in all other columns.
    ///
    /// @param ids `[n]`, each in `0 … classes − 1` @param classes number of columns
    /// @throws IllegalArgumentException if there are no items or an id is out of range
    public static LabelMatrix ofIds(int[] ids, int classes) {
        if (ids.length == 0 || classes < 1) {
            throw new IllegalArgumentException("there are no items or no classes");
        }
        byte[] cells = cells(ids.length, classes);
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] < 0 || ids[i] >= classes) {
                throw new IllegalArgumentException(
                        "item " + i + " has class " + ids[i] + ", outside 0 … " + (classes - 1));
            }
            cells[i * classes + ids[i]] = 1;
        }
        return new LabelMatrix(cells, classes, List.of(), new int[0]);
    }

    private static byte[] cells(int items, int classes) {
        if ((long) items * classes > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    items + " items of " + classes + " classes are more than fit; are these class numbers?");
        }
        return new byte[items * classes];
    }

    /// Labels of a file: integers `[n, classes]` of 1, 0, −1, or class numbers `[n]`, any from 0 on: the columns
    /// are then those that occur, in their order.
    ///
    /// @param name stands for the file in messages
    /// @throws DataException if the shape is another one, the elements are no integers, or a value is out of range
    public static LabelMatrix of(String name, ArrayData array) {
        if (array.type().isFloating()) {
            throw new DataException(name + ": labels must be integers, the file holds " + array);
        }
        try {
            int[] values = array.toIntArray();
            if (array.rank() == 1) {
                return ofNumbers(values);
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

    private static LabelMatrix ofNumbers(int[] values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("there are no items or no classes");
        }
        for (int i = 0; i < values.length; i++) {
            if (values[i] < 0) {
                boolean signs = Arrays.stream(values).allMatch(v -> v == 1 || v == -1);
                throw new IllegalArgumentException("item " + i + " has class " + values[i] + ", below 0"
                        + (signs ? "; of one class coded +1 and -1 make a matrix [n, 1] of 1 and 0" : ""));
            }
        }
        int[] numbers = Arrays.stream(values).sorted().distinct().toArray();
        byte[] cells = cells(values.length, numbers.length);
        for (int i = 0; i < values.length; i++) {
            cells[i * numbers.length + Arrays.binarySearch(numbers, values[i])] = 1;
        }
        return new LabelMatrix(cells, numbers.length, List.of(), numbers);
    }

    /// These labels with the columns of others, by the names of the classes if both have names, else by their
    /// numbers. Classes that the others lack must not occur here; those that are missing here are in no item.
    ///
    /// @param name stands for these labels in messages   @param train the others, those of the training items
    /// @throws DataException naming the first item whose class the others lack
    public LabelMatrix matched(String name, LabelMatrix train) {
        boolean named = !names.isEmpty() && !train.names.isEmpty();
        if (!named && numbers.length == 0 && train.numbers.length == 0) {
            return this;
        }
        byte[] cells = cells(items(), train.classes);
        for (int c = 0; c < classes; c++) {
            int to = named ? train.names.indexOf(names.get(c)) : train.columnOf(numberOf(c));
            for (int i = 0; i < items(); i++) {
                if (to >= 0) {
                    cells[i * train.classes + to] = (byte) at(i, c);
                } else if (at(i, c) == 1) {
                    throw new DataException(name + ": item " + i + " has " + name(c) + ", which no training item has");
                }
            }
        }
        return new LabelMatrix(cells, train.classes, train.names, train.numbers);
    }

    private int numberOf(int column) {
        return numbers.length == 0 ? column : numbers[column];
    }

    private int columnOf(int number) {
        return numbers.length == 0
                ? (number < classes ? number : -1)
                : Math.max(-1, Arrays.binarySearch(numbers, number));
    }

    /// The same labels with the names of their classes, `[n, classes]` having one for each column, class numbers
    /// one for each number from 0 on.
    ///
    /// @param name stands for these labels in messages
    /// @throws DataException if a class has no name
    public LabelMatrix namedBy(String name, List<String> all) {
        if (numbers.length == 0 ? all.size() != classes : numbers[classes - 1] >= all.size()) {
            throw new DataException(name + ": has "
                    + (numbers.length == 0 ? classes + " classes" : "the class number " + numbers[classes - 1])
                    + ", but there are " + all.size() + " class names");
        }
        return new LabelMatrix(
                values,
                classes,
                IntStream.range(0, classes).mapToObj(c -> all.get(numberOf(c))).toList(),
                numbers);
    }

    /// The same labels with names for the classes, which messages and tables then use.
    ///
    /// @throws IllegalArgumentException if there is not one name a class
    public LabelMatrix named(List<String> names) {
        if (names.size() != classes) {
            throw new IllegalArgumentException("labels: " + names.size() + " names for " + classes + " classes");
        }
        return new LabelMatrix(values, classes, List.copyOf(names), numbers);
    }

    /// The name of a class, or its number where it has none.
    public String name(int column) {
        return names.isEmpty() ? "class " + numberOf(column) : names.get(column);
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

    /// `[classes][n]`
    public int[][] columns() {
        return IntStream.range(0, classes).mapToObj(this::column).toArray(int[][]::new);
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
