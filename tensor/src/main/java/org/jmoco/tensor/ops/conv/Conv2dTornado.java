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
/// Implicit matrix product: rows are output positions, columns output channels, and the products of a result run
/// over the kernel's taps and the input channels. Kernels: one thread an output for few channels,
/// [tiles][WindowTilesTornado] that gather their left operand from the images, plain products for 1 × 1
/// convolutions, and [matrix units][WindowFragmentsTornado] for operands that were rounded to bfloat16.
///
/// The argument block: x, weight, y, bias or −1, then [ConvBlock].

final class Conv2dTornado implements TornadoKernel<Conv2d> {
    /// Below this many output channels of a group most of a tile would be empty.
    static final int NARROW = 16;

    private static boolean isProduct(ConvShape s) {
        return s.pointwise() && s.groups() == 1;
    }

    private static MatrixProduct product(ConvShape s) {
        return new MatrixProduct(s.n() * s.oh() * s.ow(), s.out(), s.in(), s.in(), 1, s.out(), 1);
    }

    private static ConvShape extents(Conv2d op, Node call) {
        return op.extents(call.input(0).shape(), call.input(1).shape());
    }

    private static WindowFragmentsTornado.Windows fragments(ConvShape s, Node call) {
        return new WindowFragmentsTornado.Windows(s, false, call.inputs().size() > 2);
    }

    @Override
    public long scratch(Conv2d op, Node call, Profile profile) {
        ConvShape s = extents(op, call);
        if (isProduct(s)) {
            return product(s).scratch(call, profile);
        }
        if (fragments(s, call).take(call, profile)) {
            return fragments(s, call).scratch();
        }
        return perTile(s) ? tiling(s).scratch(call.shape().size()) : 0;
    }

    @Override
    public long scratchInts(Conv2d op, Node call, Profile profile) {
        ConvShape s = extents(op, call);
        if (isProduct(s)) {
            return product(s).scratchInts(call, profile);
        }
        return fragments(s, call).take(call, profile) ? fragments(s, call).words() : 0;
    }

    private static boolean perTile(ConvShape s) {
        return s.groupOut() >= NARROW && s.kh() * s.kw() * s.groupIn() > 0;
    }

    private static Tiling tiling(ConvShape s) {
        return Tiling.of(s.n() * s.oh() * s.ow(), s.groupOut(), s.kh() * s.kw() * s.groupIn(), s.groups());
    }

    @Override
    public void emit(Conv2d op, Args a, Launches gpu) {
        ConvShape s = extents(op, a.node());
        if (a.size() == 0) {
            return;
        }
        int bias = a.operands() > 2 ? a.in(2) : -1;
        if (isProduct(s)) {
            product(s).emit(a, gpu);
        } else if (fragments(s, a.node()).take(a.node(), gpu.profile())) {
            fragments(s, a.node()).emit(a, gpu);
        } else if (!perTile(s)) {
            int[] block = ConvBlock.of(s, 0, a.in(0), a.in(1), a.out());
            block[3] = bias;
            gpu.launch("conv.perOutput", Conv2dTornado::perOutput, Grid.threads(a.size()), a.arenas(0, 1), block);
        } else {
            Tiling tiling = tiling(s);
            boolean whole = tiling.parts() == 1;
            int[] block = ConvBlock.of(s, tiling.part(), a.in(0), a.in(1), whole ? a.out() : a.scratch());
            block[3] = whole ? bias : -1;
            Arenas arenas = whole ? a.arenas(0, 1) : Parts.arenas(a.arenas(0, 1));
            int positions = s.oh() * s.ow();
            int most = whole ? Math.max(1, gpu.mostRows(Tiles.ROWS) / positions) : s.n();
            for (int image = 0; image < s.n(); image += most) { // as a rule once
                int images = Math.min(most, s.n() - image);
                int[] some = ConvBlock.images(
                        block, image, images, s.h() * s.w() * s.in(), whole ? s.oh() * s.ow() * s.out() : 0);
                Grid grid = tiling.grid(images * positions, s.groupOut(), s.groups());
                if (tiling.wide()) {
                    gpu.launch("conv.perWideTile", WindowTilesTornado::perWideOutputTile, grid, arenas, some);
                } else {
                    gpu.launch("conv.perTile", WindowTilesTornado::perOutputTile, grid, arenas, some);
                }
            }
            if (!whole) {
                Parts.add(gpu, a.arenas().result(), a.scratch(), a.out(), a.size(), tiling.parts(), s.out(), bias);
            }
        }
    }

    @Override
    public boolean anywhere(Conv2d op, int operand) {
        return operand != 2;
    }

    static void perOutput(
            KernelContext c,
            FloatArray mem,
            FloatArray a,
            FloatArray b,
            FloatArray e,
            FloatArray result,
            IntArray ints,
            IntArray arg) {
        int i = c.globalIdx;
        int out = arg.get(ConvBlock.OUT);
        if (i < arg.get(ConvBlock.N) * arg.get(ConvBlock.OH) * arg.get(ConvBlock.OW) * out) {
            int w = arg.get(ConvBlock.W);
            int in = arg.get(ConvBlock.IN);
            int groupIn = arg.get(ConvBlock.GROUP_IN);
            int o = i % out;
            int ox = i / out % arg.get(ConvBlock.OW);
            int oy = i / out / arg.get(ConvBlock.OW) % arg.get(ConvBlock.OH);
            int image = i / out / arg.get(ConvBlock.OW) / arg.get(ConvBlock.OH);
            int channel0 = o / arg.get(ConvBlock.GROUP_OUT) * groupIn;
            float sum = 0f;
            for (int r = 0; r < arg.get(ConvBlock.KH); r++) {
                int iy = oy * arg.get(ConvBlock.STRIDE_H)
                        - arg.get(ConvBlock.PADDING_H)
                        + r * arg.get(ConvBlock.DILATION_H);
                if (iy >= 0 && iy < arg.get(ConvBlock.H)) {
                    for (int q = 0; q < arg.get(ConvBlock.KW); q++) {
                        int ix = ox * arg.get(ConvBlock.STRIDE_W)
                                - arg.get(ConvBlock.PADDING_W)
                                + q * arg.get(ConvBlock.DILATION_W);
                        if (ix >= 0 && ix < w) {
                            int x = arg.get(0) + ((image * arg.get(ConvBlock.H) + iy) * w + ix) * in + channel0;
                            int weight = arg.get(1) + (r * arg.get(ConvBlock.KW) + q) * groupIn * out + o;
                            for (int ci = 0; ci < groupIn; ci++) {
                                sum += a.get(x + ci) * b.get(weight + ci * out);
                            }
                        }
                    }
                }
            }
            if (arg.get(3) >= 0) {
                sum += mem.get(arg.get(3) + o);
            }
            result.set(arg.get(2) + i, sum);
        }
    }
}
