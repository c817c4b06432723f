package org.jmoco.tensor.backend.jvm.convolution;

import java.lang.foreign.MemorySegment;
import org.jmoco.tensor.backend.jvm.lanes.Lanes;
import org.jmoco.tensor.backend.jvm.products.Panels;
import org.jmoco.tensor.backend.jvm.runtime.Scratch;
import org.jmoco.tensor.backend.jvm.runtime.VectorSupport;
import org.jmoco.tensor.ops.conv.ConvShape;

/// The overlapping tiles that the images of a [Winograd] convolution are cut into, and the ways into the transformed
/// domain and back. Tiles are numbered image by image, row by row.
///
/// @param n    images
/// @param h    height of what is convolved   @param w its width   @param in its channels
/// @param oh   height of the result   @param ow its width   @param out its channels
/// @param top  row of the first pixel that the first result reads, negative in the padding   @param left its column
record WinogradTiles(int n, int h, int w, int in, int oh, int ow, int out, int top, int left) {
    /// Distances between the points are odd multiples of a cache line, so that the points of a tile fall into
    /// different sets.
    static final int SHIFT = 16;

    /// Tiles of 4 × 4 results.
    static final WinogradTile FOUR = VectorSupport.usesVectorApi() ? new VectorWinograd4() : PlainWinogradTile.four();

    private static final Lanes LANES = Lanes.best();

    /// The tiles of a forward convolution.
    static WinogradTiles forward(ConvShape s) {
        return new WinogradTiles(s.n(), s.h(), s.w(), s.in(), s.oh(), s.ow(), s.out(), -s.paddingH(), -s.paddingW());
    }

    /// Those of the input gradient: of the convolution of the output gradient with the kernels turned by 180°.
    static WinogradTiles inputGradient(ConvShape s) {
        return new WinogradTiles(
                s.n(), s.oh(), s.ow(), s.out(), s.h(), s.w(), s.in(), s.paddingH() - 2, s.paddingW() - 2);
    }

    WinogradTile tile() {
        return FOUR;
    }

    int across() {
        return Math.ceilDiv(ow, FOUR.outputs());
    }

    int down() {
        return Math.ceilDiv(oh, FOUR.outputs());
    }

    int count() {
        return n * down() * across();
    }

    /// Transforms tiles of the images with all channels: tile t, point p to `at + p·step + t·in`.
    ///
    /// @param first the tile that is number 0 here
    void pixels(MemorySegment x, int first, int count, MemorySegment v, long at, long step) {
        pixels(x, first, 0, count, count, 0, in, in, v, at, step);
    }

    /// Transforms tiles `[from, to)` of `count` that begin with `first`, chunk by chunk of the channels from
    /// `firstChannel` to `endChannel`. Tile t and point p of a chunk go to
    /// `at + p·step + channels before it·count + t·channels of it`.
    void pixels(
            MemorySegment x,
            int first,
            int from,
            int to,
            int count,
            int firstChannel,
            int endChannel,
            int chunk,
            MemorySegment v,
            long at,
            long step) {
        WinogradTile tile = FOUR;
        int m = tile.outputs();
        int size = tile.inputs();
        MemorySegment patch = Scratch.floats(Scratch.Slot.KERNEL_1, (long) size * size * in);
        for (int t = from; t < to; t++) {
            int image = (first + t) / (down() * across());
            int yy = top + (first + t) / across() % down() * m;
            int xx = left + (first + t) % across() * m;
            boolean inside = yy >= 0 && xx >= 0 && yy + size <= h && xx + size <= w;
            if (!inside) {
                patch(x, image, yy, xx, patch);
            }
            for (int c = firstChannel; c < endChannel; c += chunk) {
                int channels = Math.min(chunk, in - c);
                long place = at + (long) (c - firstChannel) * count + (long) t * channels;
                if (inside) {
                    long source = (((long) image * h + yy) * w + xx) * in + c;
                    tile.pixels(x, source, (long) w * in, in, channels, v, place, step);
                } else {
                    tile.pixels(patch, c, (long) size * in, in, channels, v, place, step);
                }
            }
        }
    }

    /// Copies a tile that reaches beyond the image, with zeros there.
    private void patch(MemorySegment x, int image, int yy, int xx, MemorySegment patch) {
        int size = FOUR.inputs();
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

    /// Transforms the products of tiles into results: channels from `column` on, of tile t and point p at
    /// `at + p·step + t·stride`.
    void results(
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
        int size = FOUR.outputs();
        for (int t = 0; t < count; t++) {
            int image = (first + t) / (down() * across());
            int yy = (first + t) / across() % down() * size;
            int xx = (first + t) % across() * size;
            long to = (((long) image * oh + yy) * ow + xx) * out + column;
            int rows = Math.min(size, oh - yy);
            int pixels = Math.min(size, ow - xx);
            FOUR.results(m, at + (long) t * stride, step, columns, y, to, (long) ow * out, out, rows, pixels);
            if (bias != null) {
                for (int i = 0; i < rows * pixels; i++) {
                    long place = to + ((long) (i / pixels) * ow + i % pixels) * out;
                    LANES.add(y, place, bias, column, y, place, columns);
                }
            }
        }
    }

    /// Transforms tiles `[from, to)` of `count` of the result's gradient, that begin with `first`, panel by panel.
    /// Tile t and point p of a panel go to `at + p·step + columns before it·count + t·columns of it`.
    void gradients(
            Panels panels,
            MemorySegment dy,
            int first,
            int from,
            int to,
            int count,
            int firstPanel,
            int endPanel,
            MemorySegment e,
            long at,
            long step) {
        int m = FOUR.outputs();
        for (int t = from; t < to; t++) {
            int image = (first + t) / (down() * across());
            int yy = (first + t) / across() % down() * m;
            int xx = (first + t) % across() * m;
            long source = (((long) image * oh + yy) * ow + xx) * out;
            for (int p = firstPanel; p < endPanel; p++) {
                long place = at
                        + (long) count * (panels.column(p) - panels.column(firstPanel))
                        + (long) t * panels.kernel(p).columns();
                FOUR.resultGradients(
                        dy,
                        source + panels.column(p),
                        (long) ow * out,
                        out,
                        Math.min(m, oh - yy),
                        Math.min(m, ow - xx),
                        panels.width(p),
                        e,
                        place,
                        step);
            }
        }
    }
}
