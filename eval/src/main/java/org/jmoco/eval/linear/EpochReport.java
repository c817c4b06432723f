package org.jmoco.eval.linear;

import java.util.List;
import java.util.Locale;

/// How an epoch went.
///
/// @param epoch from 1   @param epochs of the run   @param lr learning rate
/// @param loss  of each classifier, mean over the epoch's images, in nats
/// @param top1  of each classifier on the test images, in percent; empty if they were not looked at
public record EpochReport(int epoch, int epochs, double lr, List<Double> loss, List<Double> top1) {
    public EpochReport {
        loss = List.copyOf(loss);
        top1 = List.copyOf(top1);
    }

    /// For a terminal.
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "epoch %d/%d  lr %s  loss %s%s",
                epoch,
                epochs,
                number(lr),
                joined("%.4f", loss),
                top1.isEmpty() ? "" : "  top-1 " + joined("%.2f", top1));
    }

    private static String joined(String format, List<Double> values) {
        return String.join(
                " ",
                values.stream().map(v -> String.format(Locale.ROOT, format, v)).toList());
    }

    private static String number(double value) {
        return Double.toString(Math.round(value * 1e9) / 1e9);
    }
}
