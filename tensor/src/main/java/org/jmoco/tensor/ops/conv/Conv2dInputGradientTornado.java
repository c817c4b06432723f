package org.jmoco.tensor.ops.conv;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.backend.tornado.Arenas;
import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Grid;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.MatrixProduct;
import org.jmoco.tensor.backend.tornado.Parts;
import org.jmoco.tensor.backend.tornado.Profile;
import org.jmoco.tensor.backend.tornado.Tiles;
import org.jmoco.tensor.backend.tornado.Tiling;
import org.jmoco.tensor.backend.tornado.TornadoKernel;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
/// Implicit matrix product: rows are input positions, columns input channels, and the products of a result run
/// over the kernel's taps and the output channels. Kernels as for [Conv2dTornado].
///
/// The argument block: dy, weight, dx, unused, then [ConvBlock].

final class Conv2dInputGradientTornado implements TornadoKernel<Conv2dInputGradient> {
    private static boolean isProduct(ConvShape s) {
        return s.pointwise() && s.groups() == 1;
    }

    private static MatrixProduct product(ConvShape s) {
        return new MatrixProduct(s.n() * s.h() * s.w(), s.in(), s.out(), s.out(), 1, 1, s.out());
    }

    private static ConvShape extents(Conv2dInputGradient op, Node call) {
        return op.conv().extents(op.images(), call.input(1).shape());
    }

    private static WindowFragmentsTornado.Windows fragments(ConvShape s) {
        return new WindowFragmentsTornado.Windows(s, true, false);
    }

    @Override
    public long scratch(Conv2dInputGradient op, Node call, Profile profile) {
        ConvShape s = extents(op, call);
        if (isProduct(s)) {
            return product(s).scratch(call, profile);
        }
        if (fragments(s).take(call, profile)) {
            return fragments(s).scratch();
        }
        return perTile(s) ? tiling(s).scratch(call.shape().size()) : 0;
    }

    @Override
    public long scratchInts(Conv2dInputGradient op, Node call, Profile profile) {
        ConvShape s = extents(op, call);
        if (isProduct(s)) {
            return product(s).scratchInts(call, profile);
        }
        return fragments(s).take(call, profile) ? fragments(s).words() : 0;
    }

    private static boolean perTile(ConvShape s) {
        return s.groupIn() >= Conv2dTornado.NARROW && s.kh() * s.kw() * s.groupOut() > 0;
    }

    private static Tiling tiling(ConvShape s) {
        return Tiling.of(s.n() * s.h() * s.w(), s.groupIn(), s.kh() * s.kw() * s.groupOut(), s.groups());
    }

    @Override
    public void emit(Conv2dInputGradient op, Args a, Launches gpu) {
        ConvShape s = extents(op, a.node());
        if (a.size() == 0) {
            return;
        }
        if (isProduct(s)) {
            product(s).emit(a, gpu);
        } else if (fragments(s).take(a.node(), gpu.profile())) {
            fragments(s).emit(a, gpu);
        } else if (!perTile(s)) {
            gpu.launch(
                    "conv.inputGradientPerInput",
                    Conv2dInputGradientTornado::perInput,
                    Grid.threads(a.size()),
                    a.arenas(0, 1),
                    ConvBlock.of(s, 0, a.in(0), a.in(1), a.out()));
        } else {
            Tiling tiling = tiling(s);
            boolean whole = tiling.parts() == 1;
            int[] block = ConvBlock.of(s, tiling.part(), a.in(0), a.in(1), whole ? a.out() : a.scratch());
            Arenas arenas = whole ? a.arenas(0, 1) : Parts.arenas(a.arenas(0, 1));
            int positions = s.h() * s.w();
            int most = whole ? Math.max(1, gpu.mostRows(Tiles.ROWS) / positions) : s.n();
            for (int image = 0; image < s.n(); image += most) { // as a rule once
                int images = Math.min(most, s.n() - image);
                int[] some = ConvBlock.images(
                        block, image, images, s.oh() * s.ow() * s.out(), whole ? s.h() * s.w() * s.in() : 0);
                Grid grid = tiling.grid(images * positions, s.groupIn(), s.groups());
                if (tiling.wide()) {
                    gpu.launch(
                            "conv.inputGradientPerWideTile", WindowTilesTornado::perWideInputTile, grid, arenas, some);
                } else {
                    gpu.launch("conv.inputGradientPerTile", WindowTilesTornado::perInputTile, grid, arenas, some);
                }
            }
            if (!whole) {
                Parts.add(gpu, a.arenas().result(), a.scratch(), a.out(), a.size(), tiling.parts(), s.in(), -1);
            }
        }
    }

    @Override
    public boolean anywhere(Conv2dInputGradient op, int operand) {
        return true;
    }

    static void perInput(
            KernelContext c,
            FloatArray mem,
            FloatArray a,
            FloatArray b,
            FloatArray e,
            FloatArray result,
            IntArray ints,
            IntArray arg) {
        int i = c.globalIdx;
        int in = arg.get(ConvBlock.IN);
        if (i < arg.get(ConvBlock.N) * arg.get(ConvBlock.H) * arg.get(ConvBlock.W) * in) {
            int out = arg.get(ConvBlock.OUT);
            int groupIn = arg.get(ConvBlock.GROUP_IN);
            int groupOut = arg.get(ConvBlock.GROUP_OUT);
            int strideH = arg.get(ConvBlock.STRIDE_H);
            int strideW = arg.get(ConvBlock.STRIDE_W);
            int channel = i % in;
            int ix = i / in % arg.get(ConvBlock.W);
            int iy = i / in / arg.get(ConvBlock.W) % arg.get(ConvBlock.H);
            int image = i / in / arg.get(ConvBlock.W) / arg.get(ConvBlock.H);
            int group = channel / groupIn;
            float sum = 0f;
            for (int r = 0; r < arg.get(ConvBlock.KH); r++) {
                int ty = iy + arg.get(ConvBlock.PADDING_H) - r * arg.get(ConvBlock.DILATION_H);
                int oy = ty / strideH;
                if (ty >= 0 && oy * strideH == ty && oy < arg.get(ConvBlock.OH)) {
                    for (int q = 0; q < arg.get(ConvBlock.KW); q++) {
                        int tx = ix + arg.get(ConvBlock.PADDING_W) - q * arg.get(ConvBlock.DILATION_W);
                        int ox = tx / strideW;
                        if (tx >= 0 && ox * strideW == tx && ox < arg.get(ConvBlock.OW)) {
                            int dy = arg.get(0)
                                    + ((image * arg.get(ConvBlock.OH) + oy) * arg.get(ConvBlock.OW) + ox) * out
                                    + group * groupOut;
                            int weight = arg.get(1)
                                    + ((r * arg.get(ConvBlock.KW) + q) * groupIn + channel - group * groupIn) * out
                                    + group * groupOut;
                            for (int o = 0; o < groupOut; o++) {
                                sum += a.get(dy + o) * b.get(weight + o);
                            }
                        }
                    }
                }
            }
            result.set(arg.get(2) + i, sum);
        }
    }
}
