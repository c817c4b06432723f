package org.jmoco.moco.parity;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Node;

/// Runs a step on two devices at the same time, op by op, and finds the first op whose results differ.
final class OpSearch {
    /// Results that one device may be ahead.
    private static final int AHEAD = 4;
    private static final long PATIENCE_MINUTES = 10;

    private final double tolerance;
    private final BlockingQueue<Result> results = new ArrayBlockingQueue<>(AHEAD);
    private String found;
    private String worst = "no op has a result";
    private double worstDifference = -1;
    private volatile RuntimeException broken;

    private record Result(Node node, MemorySegment values) {}

    private OpSearch(double tolerance) {
        this.tolerance = tolerance;
    }

    /// @param first  runs the step on `firstDevice`, `second` the same step from the same state on `secondDevice`
    /// @return the first op beyond the tolerance, else what came closest to it; in words
    static String search(double tolerance, Device firstDevice, Runnable first, Device secondDevice, Runnable second) {
        OpSearch search = new OpSearch(tolerance);
        firstDevice.backend().observe((node, result, nanos) -> search.keep(node, result));
        secondDevice.backend().observe((node, result, nanos) -> search.compare(node, result));
        Thread ahead = Thread.ofPlatform().daemon().start(() -> search.guard(first));
        try {
            second.run();
        } finally {
            ahead.interrupt(); // it waits only if this thread has failed
            firstDevice.backend().observe(null);
            secondDevice.backend().observe(null);
        }
        return Optional.ofNullable(search.found)
                .orElse("from the same state no op of this step differs that much, so the difference has "
                        + "grown over the steps; the largest: "
                        + search.worst);
    }

    private void guard(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            broken = e;
        }
    }

    private void keep(Node node, MemorySegment result) {
        try {
            MemorySegment copy = MemorySegment.ofArray(new byte[Math.toIntExact(result.byteSize())])
                    .copyFrom(result);
            if (!results.offer(new Result(node, copy), PATIENCE_MINUTES, TimeUnit.MINUTES)) {
                throw new IllegalStateException("the other device does not answer");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("stopped", e);
        }
    }

    private void compare(Node node, MemorySegment result) {
        Result other = next();
        if (!other.node().toString().equals(node.toString())) {
            throw new IllegalStateException("the devices compute different ops: " + other.node() + " and " + node);
        }
        double difference = node.dtype() == DType.F32
                ? Parity.relativeL2(
                        other.values().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED),
                        result.toArray(ValueLayout.JAVA_FLOAT))
                : other.values().mismatch(result) < 0 ? 0 : Double.POSITIVE_INFINITY;
        String what = String.format(Locale.ROOT, "%s, relative L2 %.2g", node, difference);
        if (found == null && !(difference <= tolerance)) {
            found = "the first op beyond the tolerance is " + what;
        }
        if (!(difference <= worstDifference)) {
            worst = what;
            worstDifference = difference;
        }
    }

    private Result next() {
        try {
            for (int second = 0; second < TimeUnit.MINUTES.toSeconds(PATIENCE_MINUTES); second++) {
                Result result = results.poll(1, TimeUnit.SECONDS);
                if (result != null) {
                    return result;
                }
                if (broken != null) {
                    throw broken;
                }
            }
            throw new IllegalStateException("the other device does not answer");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped", e);
        }
    }
}
