package org.jmoco.tensor.backend.jvm.convolution;

import java.lang.foreign.MemorySegment;
import org.jmoco.tensor.backend.jvm.lanes.Transpose;
import org.jmoco.tensor.backend.jvm.products.LeftOperand;
import org.jmoco.tensor.backend.jvm.products.RightOperand;
import org.jmoco.tensor.ops.conv.ConvShape;

/// The input gradient of a convolution as a matrix product, for the input positions of one phase: those with
/// `y ≡ phaseY` and `x ≡ phaseX` modulo the stride. They all see the same taps of the kernel, and no zeros are
/// multiplied.
///
/// It is a convolution of its own: over the output gradient, of stride 1, with the taps of the phase in reverse
/// order. Left-hand side: the windows of that convolution, row `(image, i, j)` for input position
/// `(phaseY + i·strideH, phaseX + j·strideW)`. Right-hand side: row `(tap, output channel)`, column
/// `input channel`, the weights of the taps, transposed.
final class InputTaps {
    private final ConvShape s;
    private final int group;
    private final Axis vertical;
    private final Axis horizontal;

    InputTaps(ConvShape s, int group, int phaseY, int phaseX) {
        this.s = s;
        this.group = group;
        vertical = Axis.of(phaseY, s.h(), s.kh(), s.strideH(), s.paddingH(), s.dilationH());
        horizontal = Axis.of(phaseX, s.w(), s.kw(), s.strideW(), s.paddingW(), s.dilationW());
    }

    /// One axis of a phase.
    ///
    /// @param positions input positions   @param taps those of the kernel that reach them, the last one first
    /// @param first output that the first position and the first tap meet
    /// @param step outputs from one tap to the next
    private record Axis(int phase, int positions, int[] taps, int first, int step) {
        static Axis of(int phase, int size, int kernel, int stride, int padding, int dilation) {
            int[] taps = java.util.stream.IntStream.range(0, kernel)
                    .map(k -> kernel - 1 - k)
                    .filter(k -> Math.floorMod(phase + padding - k * dilation, stride) == 0)
                    .toArray();
            int first = taps.length == 0 ? 0 : Math.floorDiv(phase + padding - taps[0] * dilation, stride);
            int step = taps.length < 2 ? 1 : (taps[0] - taps[1]) * dilation / stride;
            return new Axis(phase, Math.ceilDiv(size - phase, stride), taps, first, step);
        }
    }

    /// Rows of the left-hand side.
    int rows() {
        return s.n() * Math.max(0, vertical.positions) * Math.max(0, horizontal.positions);
    }

    /// Terms of the sum: 0 if no tap reaches this phase.
    int depth() {
        return vertical.taps.length * horizontal.taps.length * s.groupOut();
    }

    /// Where the rows of the product belong in the input gradient, in elements from the first channel of the
    /// group; see [Gemm.RowPlaces].
    long places(int first, int last, int[] rows) {
        long base = place(first);
        int x = first % horizontal.positions;
        for (int r = 0; r < rows.length; r++) {
            if (first + r > last) {
                rows[r] = rows[r - 1];
            } else if (r > 0 && x > 0) {
                rows[r] = rows[r - 1] + s.strideW() * s.in();
            } else {
                rows[r] = Math.toIntExact(place(first + r) - base);
            }
            x = x + 1 == horizontal.positions ? 0 : x + 1;
        }
        return base;
    }

    private long place(int r) {
        int x = horizontal.phase + r % horizontal.positions * s.strideW();
        int rest = r / horizontal.positions;
        int y = vertical.phase + rest % vertical.positions * s.strideH();
        return (((long) (rest / vertical.positions) * s.h() + y) * s.w() + x) * s.in();
    }

    LeftOperand gradients(MemorySegment dy) {
        return new Windows(
                dy,
                s.n(),
                s.oh(),
                s.ow(),
                s.out(),
                group * s.groupOut(),
                s.groupOut(),
                vertical.taps.length,
                horizontal.taps.length,
                vertical.positions,
                horizontal.positions,
                1,
                1,
                vertical.step,
                horizontal.step,
                vertical.first,
                horizontal.first);
    }

    RightOperand weights(MemorySegment weights) {
        return (column, columns, k, count, panel, at, stride) -> {
            int channels = s.groupOut();
            for (int done = 0; done < count; ) {
                int row = k + done;
                int begin = row % channels;
                int length = Math.min(channels - begin, count - done);
                int tap = row / channels;
                long ky = vertical.taps[tap / horizontal.taps.length];
                long kx = horizontal.taps[tap % horizontal.taps.length];
                long block = (ky * s.kw() + kx) * s.groupIn() * s.out();
                long source = block + (long) column * s.out() + (long) group * channels + begin;
                Transpose.run(weights, source, s.out(), columns, length, panel, at + (long) done * stride, stride);
                done += length;
            }
        };
    }
}
