package org.jmoco.nn.data.loader;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jmoco.nn.data.DataException;

/// A batch while workers fill it: each place is written by one worker, once.
final class PendingBatch {
    /// An image found unreadable while a place was filled.
    record Unreadable(int slot, int image, String message) {}

    private record Failure(int slot, DataException cause) {}

    final Position position;
    private final int[] order;
    private final int first;
    private final List<View> views;
    private final int[] labels;
    private final int[] indices;
    private final boolean[] filled;
    private final CountDownLatch open;
    private final List<Unreadable> unreadable = new ArrayList<>();
    private final List<Failure> failures = new ArrayList<>();

    /// @param order the epoch's   @param first place of the batch in it
    PendingBatch(Position position, int[] order, int first, int size, List<View> views) {
        this.position = position;
        this.order = order;
        this.first = first;
        this.views = views;
        labels = new int[size];
        indices = new int[size];
        filled = new boolean[size];
        open = new CountDownLatch(size);
    }

    int size() {
        return labels.length;
    }

    /// The image for a place at the given try: 0 is the one meant, the following ones replace it.
    int image(int slot, int attempt) {
        return order[(first + slot + attempt) % order.length];
    }

    boolean hasImage(int attempt) {
        return attempt < order.length;
    }

    View view(int number) {
        return views.get(number);
    }

    /// Notes what a worker wrote to its place of the views.
    void fill(int slot, int image, int label) {
        indices[slot] = image;
        labels[slot] = label;
        filled[slot] = true;
        open.countDown();
    }

    /// Leaves a place empty.
    void drop() {
        open.countDown();
    }

    void fail(int slot, DataException cause) {
        synchronized (failures) {
            failures.add(new Failure(slot, cause));
        }
        open.countDown();
    }

    void unreadable(int slot, int image, String message) {
        synchronized (unreadable) {
            unreadable.add(new Unreadable(slot, image, message));
        }
    }

    CountDownLatch open() {
        return open;
    }

    /// The unreadable images in the order of the places, once all places are settled.
    List<Unreadable> unreadable() {
        synchronized (unreadable) {
            return unreadable.stream()
                    .sorted(Comparator.comparingInt(Unreadable::slot))
                    .toList();
        }
    }

    /// The finished batch, without empty places.
    ///
    /// @throws DataException the failure of the first place that failed
    Batch finish() {
        synchronized (failures) {
            failures.stream().min(Comparator.comparingInt(Failure::slot)).ifPresent(f -> {
                throw f.cause;
            });
        }
        int kept = 0;
        for (int slot = 0; slot < filled.length; slot++) {
            if (filled[slot]) {
                move(slot, kept++);
            }
        }
        if (kept == filled.length) {
            return new Batch(position, views, labels, indices);
        }
        int n = kept;
        List<View> shorter = views.stream()
                .map(v -> new View(
                        v.height(),
                        v.width(),
                        Arrays.copyOf(v.pixels(), n * v.bytesPerImage()),
                        Arrays.copyOf(v.lighting(), v.lighting().length == 0 ? 0 : 3 * n)))
                .toList();
        return new Batch(position, shorter, Arrays.copyOf(labels, n), Arrays.copyOf(indices, n));
    }

    private void move(int from, int to) {
        if (from == to) {
            return;
        }
        labels[to] = labels[from];
        indices[to] = indices[from];
        for (View view : views) {
            int bytes = view.bytesPerImage();
            System.arraycopy(view.pixels(), from * bytes, view.pixels(), to * bytes, bytes);
            if (view.lighting().length > 0) {
                System.arraycopy(view.lighting(), 3 * from, view.lighting(), 3 * to, 3);
            }
        }
    }
}
