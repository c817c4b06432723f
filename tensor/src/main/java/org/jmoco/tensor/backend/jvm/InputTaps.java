package org.jmoco.tensor.backend.jvm;

import java.lang.foreign.MemorySegment;

/// The input gradient of a convolution as a matrix product, for the input positions of one phase: those with `y ≡ phaseY` and `x ≡ phaseX` modulo the stride. They all see the
/// same taps of the kernel, and no zeros are multiplied.
///
/// Left-hand side: row `(image, i, j)` stands for input position `(phaseY + i·strideH, phaseX + j·strideW)`, column `(tap, output channel)` for the gradient that this tap carries
/// to it. Right-hand side: column `input channel`, row `(tap, output channel)`, the weights of the taps, transposed.
final class InputTaps {
    private static final Lanes LANES = Lanes.best();

    private final ConvShape s;
    private final int group;
    private final int rowsOfPhase;
    private final int columnsOfPhase;
    private final int phaseY;
    private final int phaseX;
    private final int[] ky;
    private final int[] kx;

    InputTaps(ConvShape s, int group, int phaseY, int phaseX) {
        this.s = s;
        this.group = group;
        this.phaseY = phaseY;
        this.phaseX = phaseX;
        this.rowsOfPhase = Math.ceilDiv(s.h() - phaseY, s.strideH());
        this.columnsOfPhase = Math.ceilDiv(s.w() - phaseX, s.strideW());
        this.ky = taps(phaseY, s.kh(), s.strideH(), s.paddingH(), s.dilationH());
        this.kx = taps(phaseX, s.kw(), s.strideW(), s.paddingW(), s.dilationW());
    }

    private static int[] taps(int phase, int kernel, int stride, int padding, int dilation) {
        return java.util.stream.IntStream.range(0, kernel).filter(k -> Math.floorMod(phase + padding - k * dilation, stride) == 0).toArray();
    }

    /// Rows of the left-hand side.
    int rows() {
        return s.n() * rowsOfPhase * columnsOfPhase;
    }

    /// Terms of the sum: 0 if no tap reaches this phase.
    int depth() {
        return ky.length * kx.length * s.groupOut();
    }

    /// Where row `r` of the product belongs in the input gradient, in elements.
    long target(int r) {
        int j = r % columnsOfPhase;
        int rest = r / columnsOfPhase;
        int y = phaseY + rest % rowsOfPhase * s.strideH();
        int x = phaseX + j * s.strideW();
        return (((long) (rest / rowsOfPhase) * s.h() + y) * s.w() + x) * s.in() + (long) group * s.groupIn();
    }

    LeftOperand gradients(MemorySegment dy) {
        return new LeftOperand() {
            @Override
            public boolean byK() {
                return false;
            }

            @Override
            public void pack(int row, int rows, int k, int count, MemorySegment panel, long at, int rowStride, int kStride) {
                for (int r = 0; r < rows; r++) {
                    packRow(dy, row + r, k, count, panel, at + (long) r * rowStride);
                }
            }
        };
    }

    private void packRow(MemorySegment dy, int row, int from, int count, MemorySegment panel, long at) {
        int j = row % columnsOfPhase;
        int rest = row / columnsOfPhase;
        int y = phaseY + rest % rowsOfPhase * s.strideH() + s.paddingH();
        int x = phaseX + j * s.strideW() + s.paddingW();
        int image = rest / rowsOfPhase;
        int channels = s.groupOut();
        for (int done = 0; done < count; ) {
            int column = from + done;
            int begin = column % channels;
            int length = Math.min(channels - begin, count - done);
            int tap = column / channels;
            int oy = Math.floorDiv(y - ky[tap / kx.length] * s.dilationH(), s.strideH());
            int ox = Math.floorDiv(x - kx[tap % kx.length] * s.dilationW(), s.strideW());
            if (oy < 0 || oy >= s.oh() || ox < 0 || ox >= s.ow()) {
                LANES.fill(0, panel, at + done, length);
            } else {
                long source = (((long) image * s.oh() + oy) * s.ow() + ox) * s.out() + (long) group * channels + begin;
                LANES.copy(dy, source, panel, at + done, length);
            }
            done += length;
        }
    }

    RightOperand weights(MemorySegment weights) {
        return (column, columns, k, count, panel, at, stride) -> {
            int channels = s.groupOut();
            for (int done = 0; done < count; ) {
                int row = k + done;
                int begin = row % channels;
                int length = Math.min(channels - begin, count - done);
                int tap = row / channels;
                long block = ((long) ky[tap / kx.length] * s.kw() + kx[tap % kx.length]) * s.groupIn() * s.out();
                long source = block + (long) column * s.out() + (long) group * channels + begin;
                Transpose.run(weights, source, s.out(), columns, length, panel, at + (long) done * stride, stride);
                done += length;
            }
        };
    }
}
