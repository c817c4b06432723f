package org.jmoco.tensor.backend.jvm.convolution;

import java.lang.foreign.MemorySegment;
import org.jmoco.tensor.backend.jvm.lanes.Lanes;
import org.jmoco.tensor.backend.jvm.lanes.Transpose;
import org.jmoco.tensor.backend.jvm.products.Kernels;
import org.jmoco.tensor.backend.jvm.products.Left;
import org.jmoco.tensor.backend.jvm.products.MicroKernel;
import org.jmoco.tensor.backend.jvm.products.Panels;
import org.jmoco.tensor.backend.jvm.products.Right;
import org.jmoco.tensor.backend.jvm.products.Rows;
import org.jmoco.tensor.backend.jvm.runtime.Scratch;
import org.jmoco.tensor.backend.jvm.runtime.Workers;
import org.jmoco.tensor.ops.conv.ConvShape;

/// 3×3 convolutions of stride 1 by Winograd's minimal filtering: a quarter of the multiplications, see
/// [WinogradTile].
///
/// The image is cut into overlapping tiles. Tiles are transformed, then for each point of the transformed domain
/// tiles and kernels are multiplied as matrices `[tiles, in]` · `[in, out]`, and the products are transformed
/// back.
///
/// **Bits.** Whether a convolution is done this way, and with which tile, follows from its shape without the
/// batch. A result depends on its own image and the weights alone.
final class Winograd {
    /// Channels on either side, at least: with fewer the transforms cost more than the products save.
    private static final int CHANNELS = 32;

    /// The longest sum over channels in one chain of additions: its rounding is most of the error of a result,
    /// because the transform behind it takes differences of large sums.
    private static final int DEPTH = 64;

    /// Tiles of a block, at least and as a step: a multiple of the rows of the widest kernels.
    private static final int STEP = 12;

    /// With fewer tiles than this a kernel serves too few of them to be worth a way through memory.
    private static final int FEW_TILES = 100;

    /// Tiles that transformed kernels meet while they are in cache, in [#panelByPanel].
    private static final int TILES_AT_ONCE = 32;

    /// Tiles whose products with a panel of kernels stay in the second cache level, in [#shareByShare].
    private static final int PRODUCTS_AT_ONCE = 66;

    /// Floats of the transformed tiles of a task there, at most: images may be of any size.
    private static final int TILE_FLOATS = 2 << 20;

    /// Rows of the widest kernel with most vectors.
    private static final int ROWS = 6;

    /// Transforming a tile takes as long as transforming so many kernels of as many channels.
    private static final int KERNELS_A_TILE = 3;

    /// Floats of all transformed kernels that stay in the second cache level.
    private static final int FEW_KERNEL_FLOATS = 1 << 18;

    private static final Lanes LANES = Lanes.best();
    private static final WinogradTile FOUR = WinogradTiles.FOUR;
    private static final int SHIFT = WinogradTiles.SHIFT;

    private final WinogradTile tile = FOUR;
    private final WinogradTiles tiles;
    private final int in;
    private final int out;

    private Winograd(WinogradTiles tiles) {
        this.tiles = tiles;
        in = tiles.in();
        out = tiles.out();
    }

    /// Whether the results of a convolution, `oh` × `ow` of them for each image and channel, are computed this way.
    private static boolean suits(ConvShape s, int oh, int ow) {
        int m = FOUR.outputs();
        long products = (long) Math.ceilDiv(oh, m) * Math.ceilDiv(ow, m) * FOUR.points();
        return s.kh() == 3
                && s.kw() == 3
                && s.strideH() == 1
                && s.strideW() == 1
                && s.dilationH() == 1
                && s.dilationW() == 1
                && s.groups() == 1
                && s.in() >= CHANNELS
                && s.out() >= CHANNELS
                && 2 * products <= 9L * oh * ow;
    }

    /// Whether a forward convolution and its weight gradient are computed this way.
    static boolean suitsForward(ConvShape s) {
        return suits(s, s.oh(), s.ow());
    }

    /// Whether the input gradient is computed this way.
    static boolean suitsInputGradient(ConvShape s) {
        return suits(s, s.h(), s.w());
    }

    /// The forward convolution.
    static Winograd forward(ConvShape s) {
        return new Winograd(WinogradTiles.forward(s));
    }

    /// The input gradient: the convolution of the output gradient with the kernels turned by 180°.
    static Winograd inputGradient(ConvShape s) {
        return new Winograd(WinogradTiles.inputGradient(s));
    }

    /// Transforms the kernels of some channels into panels.
    private interface Kernels3x3 {
        /// Transforms the kernels from input channels `[from, to)` to the output channels of panel `panel`, of
        /// which point p begins at `at + p·step` for `from`.
        void transform(int from, int to, int panel, MemorySegment u, long at, long step);
    }

    /// y = x ∗ weights + bias.
    ///
    /// @param weights `[3, 3, in, out]`   @param bias `[out]` or null
    void run(Workers workers, MemorySegment x, MemorySegment weights, MemorySegment bias, MemorySegment y) {
        Panels panels = new Panels(out, Kernels.best());
        convolve(workers, panels, x, y, bias, (from, to, panel, u, at, step) -> {
            int width = panels.kernel(panel).columns();
            for (int c = from; c < to; c++) {
                tile.kernel(
                        weights,
                        (long) c * out + panels.column(panel),
                        (long) in * out,
                        panels.width(panel),
                        u,
                        at + (long) (c - from) * width,
                        step);
            }
        });
    }

    /// dx = dy ∗ turned weights.
    ///
    /// @param weights `[3, 3, out, in]`: of the forward convolution, whose input channels are the output channels
    /// here
    void runTurned(Workers workers, MemorySegment dy, MemorySegment weights, MemorySegment dx) {
        Panels panels = new Panels(out, Kernels.best());
        convolve(workers, panels, dy, dx, null, (from, to, panel, u, at, step) -> {
            int width = panels.kernel(panel).columns();
            int columns = panels.width(panel);
            int count = to - from;
            MemorySegment turned = Scratch.floats(Scratch.Slot.KERNEL_1, 9L * count * columns);
            for (int tap = 0; tap < 9; tap++) {
                long source = ((long) tap * out + panels.column(panel)) * in + from;
                Transpose.run(weights, source, in, columns, count, turned, (long) (8 - tap) * count * columns, columns);
            }
            for (int c = 0; c < count; c++) {
                tile.kernel(
                        turned, (long) c * columns, (long) count * columns, columns, u, at + (long) c * width, step);
            }
        });
    }

    /// In one of three ways, which differ in what stays in cache and not in bits.
    private void convolve(
            Workers workers,
            Panels panels,
            MemorySegment x,
            MemorySegment y,
            MemorySegment bias,
            Kernels3x3 transform) {
        if (tiles.count() == 0) {
            return;
        }
        if (tiles.count() < FEW_TILES) {
            panelByPanel(workers, panels, x, y, bias, transform);
        } else if ((long) tile.points() * in * panels.padded() <= FEW_KERNEL_FLOATS) {
            blockByBlock(workers, panels, x, y, bias, transform);
        } else {
            shareByShare(workers, panels, x, y, bias, transform);
        }
    }

    /// For small kernels: they stay in the second cache level, and blocks of tiles pass by, from the pixels to the
    /// results.
    private void blockByBlock(
            Workers workers,
            Panels panels,
            MemorySegment x,
            MemorySegment y,
            MemorySegment bias,
            Kernels3x3 transform) {
        int points = tile.points();
        long step = (long) in * panels.padded() + SHIFT;
        MemorySegment u = Scratch.floats(Scratch.Slot.CONVOLUTION, points * step);
        transformKernels(workers, panels, u, 0, step, transform);
        int wanted = workers.threads() == 1 ? 1 : 4 * workers.threads();
        int fit = Math.max(
                STEP,
                workers.blocking().tiles()
                        / points
                        / Math.max(in, panels.kernel(0).columns())
                        / STEP
                        * STEP);
        int height = Math.min(fit, Math.ceilDiv(Math.ceilDiv(tiles.count(), wanted), STEP) * STEP);
        workers.forEach(Math.ceilDiv(tiles.count(), height), i -> {
            int first = i * height;
            int count = Math.min(height, tiles.count() - first);
            long vStep = (long) count * in + SHIFT;
            MemorySegment v = Scratch.floats(Scratch.Slot.KERNEL_2, points * vStep);
            tiles.pixels(x, first, count, v, 0, vStep);
            for (int p = 0; p < panels.count(); p++) {
                panel(panels, p, v, 0, vStep, u, (long) in * panels.column(p), step, first, count, y, bias);
            }
        });
    }

    /// For larger ones: a task transforms some of the tiles and some of the kernels for itself, in memory of its own,
    /// and goes from the pixels to the results. What one core writes and another reads is slow on many a machine.
    private void shareByShare(
            Workers workers,
            Panels panels,
            MemorySegment x,
            MemorySegment y,
            MemorySegment bias,
            Kernels3x3 transform) {
        int points = tile.points();
        int groups = groups(workers.threads(), panels);
        int side = Math.min(Math.ceilDiv(workers.threads(), groups), Math.ceilDiv(tiles.count(), STEP));
        int most = Math.max(PRODUCTS_AT_ONCE, TILE_FLOATS / points / in);
        int blocks = Math.ceilDiv(Math.ceilDiv(tiles.count(), most), side) * side;
        workers.forEach(blocks * groups, i -> {
            int first = firstTile(i / groups, blocks);
            int count = firstTile(i / groups + 1, blocks) - first;
            long vStep = (long) count * in + SHIFT;
            MemorySegment v = Scratch.floats(Scratch.Slot.KERNEL_2, points * vStep);
            tiles.pixels(x, first, count, v, 0, vStep);
            int height = Math.ceilDiv(Math.ceilDiv(count, Math.ceilDiv(count, PRODUCTS_AT_ONCE)), ROWS) * ROWS;
            int group = i % groups;
            for (int p = panels.count() * group / groups; p < panels.count() * (group + 1) / groups; p++) {
                int width = panels.kernel(p).columns();
                long uStep = (long) in * width + SHIFT;
                MemorySegment u = Scratch.floats(Scratch.Slot.RIGHT_PANEL, points * uStep);
                transformPanel(panels, p, 0, in, u, 0, uStep, transform);
                for (int t = 0; t < count; t += height) {
                    int some = Math.min(height, count - t);
                    panel(panels, p, v, (long) t * in, vStep, u, 0, uStep, first + t, some, y, bias);
                }
            }
        });
    }

    /// The results of `count` tiles from `first` on in the columns of a panel. Point p of the transformed tiles
    /// begins at `vAt + p·vStep`, that of the panel's kernels at `uAt + p·uStep`.
    private void panel(
            Panels panels,
            int p,
            MemorySegment v,
            long vAt,
            long vStep,
            MemorySegment u,
            long uAt,
            long uStep,
            int first,
            int count,
            MemorySegment y,
            MemorySegment bias) {
        int width = panels.kernel(p).columns();
        long mStep = (long) count * width + SHIFT;
        MemorySegment m = Scratch.floats(Scratch.Slot.KERNEL_3, tile.points() * mStep);
        int[] rows = Rows.multiples(count, in);
        int[] toRows = Rows.multiples(count, width);
        for (int point = 0; point < tile.points(); point++) {
            Rows to = new Rows(m, point * mStep, toRows);
            products(panels.kernel(p), v, vAt + point * vStep, rows, count, u, uAt + point * uStep, to);
        }
        tiles.results(panels.column(p), panels.width(p), m, 0, width, mStep, first, count, y, bias);
    }

    /// Into how many groups the panels are cut, so that the tasks transform least in all: each group transforms all
    /// tiles, and each block of tiles all kernels.
    private int groups(int threads, Panels panels) {
        int best = 1;
        for (int groups = 2; groups <= Math.min(threads, panels.count()); groups++) {
            if (transformed(groups, threads, panels) < transformed(best, threads, panels)) {
                best = groups;
            }
        }
        return best;
    }

    private long transformed(int groups, int threads, Panels panels) {
        int blocks = Math.ceilDiv(threads, groups);
        return (long) KERNELS_A_TILE * groups * tiles.count() + (long) blocks * panels.padded();
    }

    private int firstTile(int block, int blocks) {
        return (int) Math.min(tiles.count(), (long) Math.ceilDiv(tiles.count(), ROWS) * block / blocks * ROWS);
    }

    /// For few tiles: a task transforms the kernels of a panel, a stretch of channels at a time, and multiplies
    /// them while they are in the second cache level.
    private void panelByPanel(
            Workers workers,
            Panels panels,
            MemorySegment x,
            MemorySegment y,
            MemorySegment bias,
            Kernels3x3 transform) {
        int points = tile.points();
        long vStep = (long) tiles.count() * in + SHIFT;
        MemorySegment v = Scratch.floats(Scratch.Slot.CONVOLUTION, points * vStep);
        workers.forRange(
                tiles.count(), 4, (from, to) -> tiles.pixels(x, (int) from, (int) (to - from), v, from * in, vStep));
        int blocks = Math.ceilDiv(tiles.count(), TILES_AT_ONCE);
        int height = Math.ceilDiv(tiles.count(), blocks);
        workers.forEach(panels.count() * blocks, i -> {
            int p = i / blocks;
            int first = i % blocks * height;
            int count = Math.min(height, tiles.count() - first);
            int width = panels.kernel(p).columns();
            long uStep = (long) Math.min(DEPTH, in) * width + SHIFT;
            long mStep = (long) count * width + SHIFT;
            MemorySegment u = Scratch.floats(Scratch.Slot.RIGHT_PANEL, points * uStep);
            MemorySegment m = Scratch.floats(Scratch.Slot.KERNEL_3, points * mStep);
            int[] rows = Rows.multiples(count, in);
            int[] toRows = Rows.multiples(count, width);
            for (int c = 0; c < in; c += DEPTH) {
                transformPanel(panels, p, c, Math.min(in, c + DEPTH), u, 0, uStep, transform);
                for (int point = 0; point < points; point++) {
                    Rows to = new Rows(m, point * mStep, toRows);
                    Panels.multiply(
                            panels.kernel(p),
                            stretch(v, point * vStep + (long) first * in, rows, c),
                            count,
                            new Right(u, point * uStep, width),
                            c == 0 ? Rows.zeros(count) : to,
                            to);
                }
            }
            tiles.results(panels.column(p), panels.width(p), m, 0, width, mStep, first, count, y, bias);
        });
    }

    /// Products of one point: `count` tiles times the kernels of a panel.
    ///
    /// @param rows of the tiles, [Rows#multiples] of their channels
    private void products(
            MicroKernel kernel, MemorySegment v, long vAt, int[] rows, int count, MemorySegment u, long uAt, Rows to) {
        Left[] pixels = new Left[Math.ceilDiv(in, DEPTH)];
        Right[] kernels = new Right[pixels.length];
        for (int s = 0; s < pixels.length; s++) {
            pixels[s] = stretch(v, vAt, rows, s * DEPTH);
            kernels[s] = new Right(u, uAt + (long) s * DEPTH * kernel.columns(), kernel.columns());
        }
        Panels.multiply(kernel, pixels, count, kernels, Rows.zeros(count), to);
    }

    /// The channels of tiles that are added in one chain, from `c` on.
    private Left stretch(MemorySegment v, long vAt, int[] rows, int c) {
        return new Left(v, vAt + c, rows, Left.ONE_RUN, Math.min(DEPTH, in - c), 1);
    }

    private void transformKernels(
            Workers workers, Panels panels, MemorySegment u, long uAt, long step, Kernels3x3 transform) {
        int chunk = 32;
        int chunks = Math.ceilDiv(in, chunk);
        workers.forEach(chunks * panels.count(), i -> {
            int p = i / chunks;
            int from = i % chunks * chunk;
            long at = uAt
                    + (long) in * panels.column(p)
                    + (long) from * panels.kernel(p).columns();
            transformPanel(panels, p, from, Math.min(in, from + chunk), u, at, step, transform);
        });
    }

    private void transformPanel(
            Panels panels, int p, int from, int to, MemorySegment u, long at, long step, Kernels3x3 transform) {
        int width = panels.kernel(p).columns();
        if (panels.width(p) < width) {
            for (int point = 0; point < tile.points(); point++) {
                LANES.fill(0, u, at + point * step, (to - from) * width);
            }
        }
        for (int c = from; c < to; c += 32) {
            transform.transform(c, Math.min(to, c + 32), p, u, at + (long) (c - from) * width, step);
        }
    }
}
