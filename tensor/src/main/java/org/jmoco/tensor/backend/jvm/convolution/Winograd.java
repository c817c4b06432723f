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
import org.jmoco.tensor.backend.jvm.runtime.VectorSupport;
import org.jmoco.tensor.backend.jvm.runtime.Workers;
import org.jmoco.tensor.ops.conv.ConvShape;

/// 3×3 convolutions of stride 1 by Winograd's minimal filtering: a quarter of the multiplications, see [WinogradTile].
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

    /// Distances between the points are odd multiples of a cache line, so that the points of a tile fall into
    /// different sets.
    private static final int SHIFT = 16;

    /// With fewer tiles than this a kernel serves too few of them to be worth a way through memory.
    private static final int FEW_TILES = 100;

    /// Tiles that transformed kernels meet while they are in cache, in [#panelByPanel].
    private static final int TILES_AT_ONCE = 32;

    /// Floats of all transformed kernels that stay in the second cache level.
    private static final int FEW_KERNEL_FLOATS = 1 << 18;

    /// Floats of the transformed tiles, and of what they are multiplied to, that are worked on at a time: a part
    /// of the third cache level.
    private static final int ROUND_FLOATS = 2 << 20;

    /// Channels whose gradients are computed together.
    private static final int CHUNK = 64;

    private static final Lanes LANES = Lanes.best();
    private static final WinogradTile FOUR =
            VectorSupport.usesVectorApi() ? new VectorWinograd4() : PlainWinogradTile.four();

    private final WinogradTile tile;
    /// Images, and the extents of what is convolved and of the result.
    private final int n;
    private final int h;
    private final int w;
    private final int in;
    private final int oh;
    private final int ow;
    private final int out;
    /// Position of the first pixel that the first result reads; negative in the padding.
    private final int top;
    private final int left;
    private final int across;
    private final int down;

    private Winograd(int n, int h, int w, int in, int oh, int ow, int out, int top, int left) {
        tile = FOUR;
        this.n = n;
        this.h = h;
        this.w = w;
        this.in = in;
        this.oh = oh;
        this.ow = ow;
        this.out = out;
        this.top = top;
        this.left = left;
        across = Math.ceilDiv(ow, tile.outputs());
        down = Math.ceilDiv(oh, tile.outputs());
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
        return new Winograd(s.n(), s.h(), s.w(), s.in(), s.oh(), s.ow(), s.out(), -s.paddingH(), -s.paddingW());
    }

    /// The input gradient: the convolution of the output gradient with the kernels turned by 180°.
    static Winograd inputGradient(ConvShape s) {
        return new Winograd(s.n(), s.oh(), s.ow(), s.out(), s.h(), s.w(), s.in(), s.paddingH() - 2, s.paddingW() - 2);
    }

    private int tiles() {
        return n * down * across;
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
        if (tiles() == 0) {
            return;
        }
        if (tiles() < FEW_TILES) {
            panelByPanel(workers, panels, x, y, bias, transform);
        } else if ((long) tile.points() * in * panels.padded() <= FEW_KERNEL_FLOATS) {
            blockByBlock(workers, panels, x, y, bias, transform);
        } else {
            pointByPoint(workers, panels, x, y, bias, transform);
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
        int height = Math.min(fit, Math.ceilDiv(Math.ceilDiv(tiles(), wanted), STEP) * STEP);
        workers.forEach(Math.ceilDiv(tiles(), height), i -> {
            int first = i * height;
            int count = Math.min(height, tiles() - first);
            long vStep = (long) count * in + SHIFT;
            MemorySegment v = Scratch.floats(Scratch.Slot.KERNEL_2, points * vStep);
            transformTiles(x, first, count, v, 0, vStep);
            int[] rows = Rows.multiples(count, in);
            for (int p = 0; p < panels.count(); p++) {
                int width = panels.kernel(p).columns();
                long mStep = (long) count * width + SHIFT;
                MemorySegment m = Scratch.floats(Scratch.Slot.KERNEL_3, points * mStep);
                int[] toRows = Rows.multiples(count, width);
                for (int point = 0; point < points; point++) {
                    long uAt = point * step + (long) in * panels.column(p);
                    Rows to = new Rows(m, point * mStep, toRows);
                    for (int c = 0; c < in; c += DEPTH) {
                        products(panels.kernel(p), v, point * vStep, rows, count, c, u, uAt + (long) c * width, to);
                    }
                }
                results(panels.column(p), panels.width(p), m, 0, width, mStep, first, count, y, bias);
            }
        });
    }

    /// For larger ones: all tiles are transformed, then a task multiplies the tiles and kernels of one point, then
    /// all results are transformed back. Each kernel passes by once for many tiles.
    private void pointByPoint(
            Workers workers,
            Panels panels,
            MemorySegment x,
            MemorySegment y,
            MemorySegment bias,
            Kernels3x3 transform) {
        int points = tile.points();
        int padded = panels.padded();
        int rounds = Math.ceilDiv(tiles(), Math.max(STEP, ROUND_FLOATS / points / (in + padded)));
        int height = Math.ceilDiv(Math.ceilDiv(tiles(), rounds), STEP) * STEP;
        long uStep = (long) in * padded + SHIFT;
        long vStep = (long) height * in + SHIFT;
        long mStep = (long) height * padded + SHIFT;
        long vAt = points * uStep;
        long mAt = vAt + points * vStep;
        MemorySegment all = Scratch.floats(Scratch.Slot.CONVOLUTION, mAt + points * mStep);
        transformKernels(workers, panels, all, 0, uStep, transform);
        int groups = Math.clamp(Math.ceilDiv(4 * workers.threads(), points), 1, panels.count());
        for (int first = 0; first < tiles(); first += height) {
            int start = first;
            int count = Math.min(height, tiles() - first);
            int[] rows = Rows.multiples(count, in);
            int[] toRows = Rows.multiples(count, padded);
            workers.forRange(
                    count,
                    4,
                    (from, to) ->
                            transformTiles(x, (int) (start + from), (int) (to - from), all, vAt + from * in, vStep));
            workers.forEach(points * groups, i -> {
                int point = i / groups;
                for (int p = panels.count() * (i % groups) / groups;
                        p < panels.count() * (i % groups + 1) / groups;
                        p++) {
                    int width = panels.kernel(p).columns();
                    long uAt = point * uStep + (long) in * panels.column(p);
                    Rows to = new Rows(all, mAt + point * mStep + panels.column(p), toRows);
                    for (int c = 0; c < in; c += DEPTH) {
                        products(
                                panels.kernel(p),
                                all,
                                vAt + point * vStep,
                                rows,
                                count,
                                c,
                                all,
                                uAt + (long) c * width,
                                to);
                    }
                }
            });
            workers.forRange(
                    count,
                    4,
                    (from, to) -> results(
                            0,
                            out,
                            all,
                            mAt + from * padded,
                            padded,
                            mStep,
                            (int) (start + from),
                            (int) (to - from),
                            y,
                            bias));
        }
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
        long vStep = (long) tiles() * in + SHIFT;
        MemorySegment v = Scratch.floats(Scratch.Slot.CONVOLUTION, points * vStep);
        workers.forRange(
                tiles(), 4, (from, to) -> transformTiles(x, (int) from, (int) (to - from), v, from * in, vStep));
        int blocks = Math.ceilDiv(tiles(), TILES_AT_ONCE);
        int height = Math.ceilDiv(tiles(), blocks);
        workers.forEach(panels.count() * blocks, i -> {
            int p = i / blocks;
            int first = i % blocks * height;
            int count = Math.min(height, tiles() - first);
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
                    products(
                            panels.kernel(p),
                            v,
                            point * vStep + (long) first * in,
                            rows,
                            count,
                            c,
                            u,
                            point * uStep,
                            new Rows(m, point * mStep, toRows));
                }
            }
            results(panels.column(p), panels.width(p), m, 0, width, mStep, first, count, y, bias);
        });
    }

    /// Products of one point: `count` tiles times the kernels of a panel, over a stretch of channels from `c`;
    /// added to those of the stretches before.
    ///
    /// @param rows of the tiles, [Rows#multiples] of their channels
    private void products(
            MicroKernel kernel,
            MemorySegment v,
            long vAt,
            int[] rows,
            int count,
            int c,
            MemorySegment u,
            long uAt,
            Rows to) {
        Left a = new Left(v, vAt + c, rows, Left.ONE_RUN, Math.min(DEPTH, in - c), 1);
        Panels.multiply(kernel, a, count, new Right(u, uAt, kernel.columns()), c == 0 ? Rows.zeros(count) : to, to);
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

    /// Transforms some tiles: tile t, point p to `at + p·step + t·in`.
    private void transformTiles(MemorySegment x, int first, int count, MemorySegment v, long at, long step) {
        int m = tile.outputs();
        int size = tile.inputs();
        MemorySegment patch = Scratch.floats(Scratch.Slot.KERNEL_1, (long) size * size * in);
        for (int t = first; t < first + count; t++) {
            int image = t / (down * across);
            int yy = top + t / across % down * m;
            int xx = left + t % across * m;
            long to = at + (long) (t - first) * in;
            if (yy >= 0 && xx >= 0 && yy + size <= h && xx + size <= w) {
                tile.pixels(x, (((long) image * h + yy) * w + xx) * in, (long) w * in, in, in, v, to, step);
            } else {
                patch(x, image, yy, xx, patch);
                tile.pixels(patch, 0, (long) size * in, in, in, v, to, step);
            }
        }
    }

    /// Copies a tile that reaches beyond the image, with zeros there.
    private void patch(MemorySegment x, int image, int yy, int xx, MemorySegment patch) {
        int size = tile.inputs();
        int before = Math.clamp(-xx, 0, size);
        int inside = Math.clamp(w - Math.max(xx, 0), 0, size - before);
        for (int i = 0; i < size; i++) {
            long row = (long) i * size * in;
            if (yy + i < 0 || yy + i >= h) {
                LANES.fill(0, patch, row, size * in);
            } else {
                LANES.fill(0, patch, row, before * in);
                LANES.copy(
                        x,
                        (((long) image * h + yy + i) * w + xx + before) * in,
                        patch,
                        row + (long) before * in,
                        inside * in);
                LANES.fill(0, patch, row + (long) (before + inside) * in, (size - before - inside) * in);
            }
        }
    }

    /// Transforms the products of some tiles into results: channels from `column` on, of tile t and point p at
    /// `at + p·step + t·stride`.
    private void results(
            int column,
            int columns,
            MemorySegment m,
            long at,
            int stride,
            long step,
            int first,
            int count,
            MemorySegment y,
            MemorySegment bias) {
        int size = tile.outputs();
        for (int t = 0; t < count; t++) {
            int image = (first + t) / (down * across);
            int yy = (first + t) / across % down * size;
            int xx = (first + t) % across * size;
            long to = (((long) image * oh + yy) * ow + xx) * out + column;
            int rows = Math.min(size, oh - yy);
            int pixels = Math.min(size, ow - xx);
            tile.results(m, at + (long) t * stride, step, columns, y, to, (long) ow * out, out, rows, pixels);
            if (bias != null) {
                for (int i = 0; i < rows * pixels; i++) {
                    long place = to + ((long) (i / pixels) * ow + i % pixels) * out;
                    LANES.add(y, place, bias, column, y, place, columns);
                }
            }
        }
    }

    /// dw = Σ over all tiles of the products of transformed pixels and transformed result gradients, transformed back.
    ///
    /// @param dy gradient of the results   @param dw `[3, 3, in, out]`, overwritten
    void weightGradient(Workers workers, MemorySegment x, MemorySegment dy, MemorySegment dw) {
        Panels panels = new Panels(out, Kernels.best());
        int points = tile.points();
        int most = Math.max(128, ROUND_FLOATS / points / (in + out) / 8 * 8);
        int rounds = Math.max(1, Math.ceilDiv(tiles(), most));
        int height = Math.ceilDiv(tiles(), rounds);
        int chunks = Math.ceilDiv(in, CHUNK);
        boolean local = rounds == 1 && chunks * panels.count() >= 2 * workers.threads();
        long vStep = (long) height * in + SHIFT;
        long eStep = (long) height * panels.padded() + SHIFT;
        long uStep = (long) CHUNK * chunks * panels.padded() + SHIFT;
        MemorySegment all = Scratch.floats(Scratch.Slot.CONVOLUTION, points * (vStep + eStep + (local ? 0 : uStep)));
        long eAt = points * vStep;
        long uAt = points * (vStep + eStep);
        for (int round = 0; round < rounds; round++) {
            int first = round * height;
            int count = Math.min(height, tiles() - first);
            boolean accumulate = round > 0;
            workers.forRange(count, 8, (from, to) -> {
                transformChunks(x, first, (int) from, (int) to, count, all, vStep);
                transformGradients(panels, dy, first, (int) from, (int) to, count, all, eAt, eStep);
            });
            if (local) {
                workers.forEach(chunks * panels.count(), i -> {
                    int p = i / chunks;
                    int from = i % chunks * CHUNK;
                    long step = (long) CHUNK * panels.kernel(p).columns() + SHIFT;
                    MemorySegment u = Scratch.floats(Scratch.Slot.KERNEL_3, points * step);
                    for (int point = 0; point < points; point++) {
                        sum(
                                panels,
                                p,
                                from,
                                count,
                                all,
                                point * vStep,
                                eAt + point * eStep,
                                accumulate,
                                u,
                                point * step);
                    }
                    transformKernelGradients(panels, p, from, u, 0, step, dw);
                });
            } else {
                workers.forEach(chunks * panels.count() * points, i -> {
                    int p = i / points / chunks;
                    int chunk = i / points % chunks;
                    long at = uAt
                            + i % points * uStep
                            + (long) CHUNK
                                    * (chunks * panels.column(p)
                                            + chunk * panels.kernel(p).columns());
                    sum(
                            panels,
                            p,
                            chunk * CHUNK,
                            count,
                            all,
                            i % points * vStep,
                            eAt + i % points * eStep,
                            accumulate,
                            all,
                            at);
                });
            }
        }
        if (!local) {
            workers.forEach(chunks * panels.count(), i -> {
                int p = i / chunks;
                long at = uAt
                        + (long) CHUNK
                                * (chunks * panels.column(p)
                                        + i % chunks * panels.kernel(p).columns());
                transformKernelGradients(panels, p, i % chunks * CHUNK, all, at, uStep, dw);
            });
        }
    }

    /// Transforms the tiles `[from, to)` of a round of `count`, chunk by chunk of the channels: tile t, point p to
    /// `p·step + first channel·count + t·channels of the chunk`.
    private void transformChunks(MemorySegment x, int first, int from, int to, int count, MemorySegment v, long step) {
        int m = tile.outputs();
        int size = tile.inputs();
        MemorySegment patch = Scratch.floats(Scratch.Slot.KERNEL_1, (long) size * size * in);
        for (int t = from; t < to; t++) {
            int image = (first + t) / (down * across);
            int yy = top + (first + t) / across % down * m;
            int xx = left + (first + t) % across * m;
            boolean inside = yy >= 0 && xx >= 0 && yy + size <= h && xx + size <= w;
            if (!inside) {
                patch(x, image, yy, xx, patch);
            }
            for (int c = 0; c < in; c += CHUNK) {
                int channels = Math.min(CHUNK, in - c);
                long at = (long) c * count + (long) t * channels;
                if (inside) {
                    tile.pixels(
                            x, (((long) image * h + yy) * w + xx) * in + c, (long) w * in, in, channels, v, at, step);
                } else {
                    tile.pixels(patch, c, (long) size * in, in, channels, v, at, step);
                }
            }
        }
    }

    private void transformGradients(
            Panels panels,
            MemorySegment dy,
            int first,
            int from,
            int to,
            int count,
            MemorySegment e,
            long eAt,
            long step) {
        int m = tile.outputs();
        for (int t = from; t < to; t++) {
            int image = (first + t) / (down * across);
            int yy = (first + t) / across % down * m;
            int xx = (first + t) % across * m;
            long source = (((long) image * oh + yy) * ow + xx) * out;
            for (int p = 0; p < panels.count(); p++) {
                long at = eAt
                        + (long) count * panels.column(p)
                        + (long) t * panels.kernel(p).columns();
                tile.resultGradients(
                        dy,
                        source + panels.column(p),
                        (long) ow * out,
                        out,
                        Math.min(m, oh - yy),
                        Math.min(m, ow - xx),
                        panels.width(p),
                        e,
                        at,
                        step);
            }
        }
    }

    /// The products of one point for a chunk of channels and a panel, summed over the tiles of a round.
    private void sum(
            Panels panels,
            int p,
            int chunk,
            int count,
            MemorySegment tiles,
            long vAt,
            long eAt,
            boolean accumulate,
            MemorySegment u,
            long at) {
        MicroKernel kernel = panels.kernel(p);
        int channels = Math.min(CHUNK, in - chunk);
        Left a =
                new Left(tiles, vAt + (long) chunk * count, Rows.multiples(channels, 1), Left.ONE_RUN, count, channels);
        Rows to = Rows.of(u, at, kernel.columns(), channels);
        Panels.multiply(
                kernel,
                a,
                channels,
                new Right(tiles, eAt + (long) count * panels.column(p), kernel.columns()),
                accumulate ? to : Rows.zeros(channels),
                to);
    }

    private void transformKernelGradients(
            Panels panels, int p, int chunk, MemorySegment u, long at, long step, MemorySegment dw) {
        for (int c = 0; c < Math.min(CHUNK, in - chunk); c++) {
            long to = (long) (chunk + c) * out + panels.column(p);
            tile.kernelGradient(
                    u, at + (long) c * panels.kernel(p).columns(), step, panels.width(p), dw, to, (long) in * out);
        }
    }
}
