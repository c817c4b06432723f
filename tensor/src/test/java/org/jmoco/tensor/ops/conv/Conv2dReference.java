package org.jmoco.tensor.ops.conv;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.reference.OpReference;

final class Conv2dReference implements OpReference<Conv2d> {
    @Override
    public double[] run(Conv2d op, Node call, double[]... in) {
        ConvShape s = op.extents(call.input(0).shape(), call.input(1).shape());
        double[] r = new double[Math.toIntExact(call.shape().size())];
        for (int n = 0; n < s.n(); n++) {
            for (int oy = 0; oy < s.oh(); oy++) {
                for (int ox = 0; ox < s.ow(); ox++) {
                    for (int o = 0; o < s.out(); o++) {
                        int group = o / s.groupOut();
                        int y = ((n * s.oh() + oy) * s.ow() + ox) * s.out() + o;
                        r[y] = in.length > 2 ? in[2][o] : 0;
                        for (int ky = 0; ky < s.kh(); ky++) {
                            for (int kx = 0; kx < s.kw(); kx++) {
                                int iy = oy * s.strideH() - s.paddingH() + ky * s.dilationH();
                                int ix = ox * s.strideW() - s.paddingW() + kx * s.dilationW();
                                for (int c = 0;
                                        c < s.groupIn() && iy >= 0 && iy < s.h() && ix >= 0 && ix < s.w();
                                        c++) {
                                    int x = ((n * s.h() + iy) * s.w() + ix) * s.in() + group * s.groupIn() + c;
                                    int w = ((ky * s.kw() + kx) * s.groupIn() + c) * s.out() + o;
                                    r[y] += in[0][x] * in[1][w];
                                }
                            }
                        }
                    }
                }
            }
        }
        return r;
    }
}
