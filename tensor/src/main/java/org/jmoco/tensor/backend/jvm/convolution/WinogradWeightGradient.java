package org.jmoco.tensor.backend.jvm.convolution;

import java.lang.foreign.MemorySegment;
import org.jmoco.tensor.backend.jvm.lanes.Lanes;
import org.jmoco.tensor.backend.jvm.products.Kernels;
import org.jmoco.tensor.backend.jvm.products.Left;
import org.jmoco.tensor.backend.jvm.products.MicroKernel;
import org.jmoco.tensor.backend.jvm.products.Panels;
import org.jmoco.tensor.backend.jvm.products.Right;
import org.jmoco.tensor.backend.jvm.products.Rows;
import org.jmoco.tensor.backend.jvm.runtime.Scratch;
import org.jmoco.tensor.backend.jvm.runtime.Workers;
import org.jmoco.tensor.ops.conv.ConvShape;

/// The weight gradient of a [Winograd] convolution: dw = Σ over all tiles of the products of transformed pixels and
/// transformed result gradients, transformed back.
///
/// It goes in one of three ways, which differ in what the threads share and not in bits: tiles are added in rounds,
/// each round a chain of additions from zero, and the rounds in order.
final class WinogradWeightGradient {
    private static final int SHIFT = WinogradTiles.SHIFT;

    /// Floats of the transformed tiles and gradients of a round.
    private static final int ROUND_FLOATS = 2 << 20;

    /// Tiles of a round, at least, if there are as many.
    private static final int ROUND_TILES = 128;

    /// Floats of the sums of all rounds, at most, if they are computed side by side.
    private static final int SUM_FLOATS = 8 << 20;

    /// Floats of transformed tiles and gradients, at most, if channels are computed side by side.
    private static final int TILE_FLOATS = 16 << 20;

    /// Threads for which it pays to transform tiles or gradients more than once.
    private static final int MOST_THREADS = 4;

    /// Channels whose gradients are computed together.
    private static final int CHUNK = 64;

    private static final Lanes LANES = Lanes.best();

    private final WinogradTile tile = WinogradTiles.FOUR;
    private final WinogradTiles tiles;
    private final Panels panels;
    private final int in;
    private final int out;
    private final MemorySegment x;
    private final MemorySegment dy;
    private final MemorySegment dw;
    /// Tiles of a round but for the last.
    private final int height;
    private final int rounds;

    /// @param x `[n, h, w, in]`   @param dy `[n, oh, ow, out]`   @param dw `[3, 3, in, out]`, overwritten
    WinogradWeightGradient(ConvShape s, MemorySegment x, MemorySegment dy, MemorySegment dw) {
        tiles = WinogradTiles.forward(s);
        panels = new Panels(s.out(), Kernels.best());
        in = s.in();
        out = s.out();
        this.x = x;
        this.dy = dy;
        this.dw = dw;
        int most = Math.max(ROUND_TILES, ROUND_FLOATS / tile.points() / (in + out) / 8 * 8);
        height = Math.max(1, Math.ceilDiv(tiles.count(), Math.max(1, Math.ceilDiv(tiles.count(), most))));
        rounds = Math.max(1, Math.ceilDiv(tiles.count(), height));
    }

    void run(Workers workers) {
        long sums = (long) tile.points() * Math.ceilDiv(in, CHUNK) * CHUNK * panels.padded();
        int groups = channelGroups(workers.threads());
        if (rounds >= workers.threads() && rounds * sums <= SUM_FLOATS) {
            roundByRound(workers);
        } else if (groups > 0) {
            channelsByChannels(workers, groups);
        } else {
            pointByPoint(workers);
        }
    }

    /// Where there are many tiles: a task goes from the pixels of a round to its sums, in memory of its own.
    private void roundByRound(Workers workers) {
        int points = tile.points();
        int chunks = Math.ceilDiv(in, CHUNK);
        long vStep = (long) height * in + SHIFT;
        long eStep = (long) height * panels.padded() + SHIFT;
        long uStep = (long) CHUNK * chunks * panels.padded() + SHIFT;
        MemorySegment all = Scratch.floats(Scratch.Slot.CONVOLUTION, rounds * points * uStep);
        workers.forEach(rounds, round -> {
            int first = round * height;
            int count = Math.min(height, tiles.count() - first);
            MemorySegment v = Scratch.floats(Scratch.Slot.KERNEL_2, points * vStep);
            MemorySegment e = Scratch.floats(Scratch.Slot.KERNEL_3, points * eStep);
            tiles.pixels(x, first, 0, count, count, 0, in, CHUNK, v, 0, vStep);
            tiles.gradients(panels, dy, first, 0, count, count, 0, panels.count(), e, 0, eStep);
            for (int point = 0; point < points; point++) {
                for (int p = 0; p < panels.count(); p++) {
                    for (int c = 0; c < in; c += CHUNK) {
                        long vAt = point * vStep + (long) c * count;
                        long eAt = point * eStep + (long) count * panels.column(p);
                        long at = (round * points + point) * uStep + sumsAt(p, c);
                        sum(panels.kernel(p), c, count, count, v, vAt, e, eAt, false, all, at);
                    }
                }
            }
        });
        workers.forEach(chunks * panels.count(), i -> {
            int p = i / chunks;
            int c = i % chunks * CHUNK;
            int floats = Math.min(CHUNK, in - c) * panels.kernel(p).columns();
            for (int point = 0; point < points; point++) {
                long to = point * uStep + sumsAt(p, c);
                for (int round = 1; round < rounds; round++) {
                    LANES.add(all, to, all, to + round * points * uStep, all, to, floats);
                }
            }
            kernelGradients(p, c, all, sumsAt(p, c), uStep, dw);
        });
    }

    /// Where the sums of a chunk of channels and a panel begin, among those of a point.
    private long sumsAt(int p, int chunk) {
        return (long) CHUNK * Math.ceilDiv(in, CHUNK) * panels.column(p)
                + (long) chunk * panels.kernel(p).columns();
    }

    /// Into how many groups the chunks of channels are cut, in [#channelsByChannels]; the panels then into as many
    /// that there is a task for each thread. 0 if that way does not suit.
    private int channelGroups(int threads) {
        int best = 0;
        for (int groups = 1; groups <= Math.min(threads, Math.ceilDiv(in, CHUNK)); groups++) {
            if (threads % groups == 0
                    && threads / groups <= panels.count()
                    && (best == 0 || transformed(threads, groups) < transformed(threads, best))) {
                best = groups;
            }
        }
        return threads <= MOST_THREADS && (long) tile.points() * tiles.count() * (in + out) <= TILE_FLOATS ? best : 0;
    }

    /// Channels that all tasks together transform: those of x once for each group of panels, those of dy once for
    /// each group of chunks.
    private int transformed(int threads, int groups) {
        return threads / groups * in + groups * out;
    }

    /// Where there are few tiles and few threads: a task goes from the pixels of some channels to their kernels, in
    /// memory of its own.
    private void channelsByChannels(Workers workers, int groups) {
        int points = tile.points();
        int chunks = Math.ceilDiv(in, CHUNK);
        int all = tiles.count();
        workers.forEach(workers.threads(), i -> {
            int others = workers.threads() / groups;
            int firstPanel = panels.count() * (i % others) / others;
            int endPanel = panels.count() * (i % others + 1) / others;
            int from = chunks * (i / others) / groups * CHUNK;
            int to = Math.min(in, chunks * (i / others + 1) / groups * CHUNK);
            long vStep = (long) all * (to - from) + SHIFT;
            long eStep = (long) all * (panels.column(endPanel) - panels.column(firstPanel)) + SHIFT;
            MemorySegment v = Scratch.floats(Scratch.Slot.KERNEL_2, points * vStep);
            MemorySegment e = Scratch.floats(Scratch.Slot.RIGHT_PANEL, points * eStep);
            tiles.pixels(x, 0, 0, all, all, from, to, CHUNK, v, 0, vStep);
            tiles.gradients(panels, dy, 0, 0, all, all, firstPanel, endPanel, e, 0, eStep);
            for (int p = firstPanel; p < endPanel; p++) {
                long step = (long) CHUNK * panels.kernel(p).columns() + SHIFT;
                MemorySegment u = Scratch.floats(Scratch.Slot.KERNEL_3, points * step);
                for (int c = from; c < to; c += CHUNK) {
                    for (int point = 0; point < points; point++) {
                        long vAt = point * vStep + (long) (c - from) * all;
                        long eAt = point * eStep + (long) all * (panels.column(p) - panels.column(firstPanel));
                        sum(panels.kernel(p), c, all, height, v, vAt, e, eAt, false, u, point * step);
                    }
                    kernelGradients(p, c, u, 0, step, dw);
                }
            }
        });
    }

    /// Where there are many threads: they transform the tiles of a round together, then share its sums.
    private void pointByPoint(Workers workers) {
        int points = tile.points();
        int chunks = Math.ceilDiv(in, CHUNK);
        long vStep = (long) height * in + SHIFT;
        long eStep = (long) height * panels.padded() + SHIFT;
        long uStep = (long) CHUNK * chunks * panels.padded() + SHIFT;
        MemorySegment all = Scratch.floats(Scratch.Slot.CONVOLUTION, points * (vStep + eStep + uStep));
        long eAt = points * vStep;
        long uAt = points * (vStep + eStep);
        for (int round = 0; round < rounds; round++) {
            int first = round * height;
            int count = Math.min(height, tiles.count() - first);
            boolean accumulate = round > 0;
            workers.forRange(count, 8, (from, to) -> {
                tiles.pixels(x, first, (int) from, (int) to, count, 0, in, CHUNK, all, 0, vStep);
                tiles.gradients(panels, dy, first, (int) from, (int) to, count, 0, panels.count(), all, eAt, eStep);
            });
            workers.forEach(chunks * panels.count() * points, i -> {
                int point = i % points;
                int p = i / points / chunks;
                int c = i / points % chunks * CHUNK;
                sum(
                        panels.kernel(p),
                        c,
                        count,
                        count,
                        all,
                        point * vStep + (long) c * count,
                        all,
                        eAt + point * eStep + (long) count * panels.column(p),
                        accumulate,
                        all,
                        uAt + point * uStep + sumsAt(p, c));
            });
        }
        workers.forEach(chunks * panels.count(), i -> {
            int p = i / chunks;
            int c = i % chunks * CHUNK;
            kernelGradients(p, c, all, uAt + sumsAt(p, c), uStep, dw);
        });
    }

    /// The products of one point for the chunk of channels from `chunk` on and a panel, summed over `count` tiles,
    /// `height` of them in one chain of additions.
    ///
    /// @param vAt where the chunk's tiles begin   @param eAt where the panel's do   @param at where the sums go
    private void sum(
            MicroKernel kernel,
            int chunk,
            int count,
            int height,
            MemorySegment v,
            long vAt,
            MemorySegment e,
            long eAt,
            boolean accumulate,
            MemorySegment u,
            long at) {
        int channels = Math.min(CHUNK, in - chunk);
        int[] elements = Rows.multiples(channels, 1);
        Left[] pixels = new Left[Math.max(1, Math.ceilDiv(count, Math.max(1, height)))];
        Right[] gradients = new Right[pixels.length];
        for (int s = 0; s < pixels.length; s++) {
            int some = Math.min(height, count - s * height);
            pixels[s] = new Left(v, vAt + (long) s * height * channels, elements, Left.ONE_RUN, some, channels);
            gradients[s] = new Right(e, eAt + (long) s * height * kernel.columns(), kernel.columns());
        }
        Rows to = Rows.of(u, at, kernel.columns(), channels);
        Panels.multiply(kernel, pixels, channels, gradients, accumulate ? to : Rows.zeros(channels), to);
    }

    private void kernelGradients(int p, int chunk, MemorySegment u, long at, long step, MemorySegment dw) {
        for (int c = 0; c < Math.min(CHUNK, in - chunk); c++) {
            long to = (long) (chunk + c) * out + panels.column(p);
            tile.kernelGradient(
                    u, at + (long) c * panels.kernel(p).columns(), step, panels.width(p), dw, to, (long) in * out);
        }
    }
}
