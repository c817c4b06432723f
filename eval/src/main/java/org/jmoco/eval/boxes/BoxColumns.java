package org.jmoco.eval.boxes;

import java.util.Arrays;

/// Boxes side by side: one array a side, as vectors want them. Grows at the end.
final class BoxColumns {
    float[] x0;
    float[] y0;
    float[] x1;
    float[] y1;
    float[] area;
    int size;

    BoxColumns(int capacity) {
        x0 = new float[capacity];
        y0 = new float[capacity];
        x1 = new float[capacity];
        y1 = new float[capacity];
        area = new float[capacity];
    }

    static BoxColumns of(Boxes boxes) {
        BoxColumns columns = new BoxColumns(boxes.size());
        for (int i = 0; i < boxes.size(); i++) {
            columns.add(boxes, i);
        }
        return columns;
    }

    void add(Boxes boxes, int i) {
        if (size == x0.length) {
            int capacity = Math.max(16, 2 * size);
            x0 = Arrays.copyOf(x0, capacity);
            y0 = Arrays.copyOf(y0, capacity);
            x1 = Arrays.copyOf(x1, capacity);
            y1 = Arrays.copyOf(y1, capacity);
            area = Arrays.copyOf(area, capacity);
        }
        x0[size] = boxes.x0(i);
        y0[size] = boxes.y0(i);
        x1[size] = boxes.x1(i);
        y1[size] = boxes.y1(i);
        area[size++] = boxes.area(i);
    }
}
