package org.jmoco.bench;

import java.util.List;

/// What some measurements lie between.
record Spread(double min, double median, double max) {
    static Spread of(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int n = sorted.size();
        return new Spread(sorted.getFirst(), (sorted.get((n - 1) / 2) + sorted.get(n / 2)) / 2, sorted.getLast());
    }
}
