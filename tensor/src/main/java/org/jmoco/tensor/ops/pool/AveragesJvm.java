package org.jmoco.tensor.ops.pool;

import java.lang.foreign.MemorySegment;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.backend.jvm.lanes.Lanes;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

/// Means over windows and their gradients, for windows of any kind: [AvgPool2d] and [AdaptiveAvgPool2d] differ
/// only in where their windows begin and end.
abstract class AveragesJvm {
    private final Lanes lanes = Lanes.best();

    abstract int fromY(int oy);

    abstract int toY(int oy);

    abstract int fromX(int ox);

    abstract int toX(int ox);

    /// What the sum of a window is divided by.
    abstract int divisor(int oy, int ox);

    /// The windows of [AvgPool2d].
    static AveragesJvm sliding(Pooling window, Shape x) {
        return new AveragesJvm() {
            @Override
            int fromY(int oy) {
                return window.from(oy);
            }

            @Override
            int toY(int oy) {
                return window.to(oy, x.dim(1));
            }

            @Override
            int fromX(int ox) {
                return window.from(ox);
            }

            @Override
            int toX(int ox) {
                return window.to(ox, x.dim(2));
            }

            @Override
            int divisor(int oy, int ox) {
                return window.kernel() * window.kernel();
            }
        };
    }

    /// The windows of [AdaptiveAvgPool2d].
    static AveragesJvm covering(AdaptiveAvgPool2d pool, Shape x) {
        return new AveragesJvm() {
            @Override
            int fromY(int oy) {
                return AdaptiveAvgPool2d.from(oy, pool.height(), x.dim(1));
            }

            @Override
            int toY(int oy) {
                return AdaptiveAvgPool2d.to(oy, pool.height(), x.dim(1));
            }

            @Override
            int fromX(int ox) {
                return AdaptiveAvgPool2d.from(ox, pool.width(), x.dim(2));
            }

            @Override
            int toX(int ox) {
                return AdaptiveAvgPool2d.to(ox, pool.width(), x.dim(2));
            }

            @Override
            int divisor(int oy, int ox) {
                return (toY(oy) - fromY(oy)) * (toX(ox) - fromX(ox));
            }
        };
    }

    /// y = the means of x, one task a row of windows.
    void means(Workers workers, MemorySegment x, Shape xs, MemorySegment y, Shape ys) {
        int c = xs.dim(3);
        workers.forEach(ys.dim(0) * ys.dim(1), task -> {
            int oy = task % ys.dim(1);
            long image = task / ys.dim(1) * xs.size(1, 4);
            for (int ox = 0; ox < ys.dim(2); ox++) {
                long at = ((long) task * ys.dim(2) + ox) * c;
                lanes.fill(0, y, at, c);
                for (int iy = fromY(oy); iy < toY(oy); iy++) {
                    for (int ix = fromX(ox); ix < toX(ox); ix++) {
                        lanes.add(x, image + ((long) iy * xs.dim(2) + ix) * c, y, at, y, at, c);
                    }
                }
                lanes.scale(1f / divisor(oy, ox), y, at, y, at, c);
            }
        });
    }

    /// dx = every window's gradient spread over the window, one task an image, since windows may overlap.
    void spread(Workers workers, MemorySegment dy, Shape ys, MemorySegment dx, Shape xs) {
        int c = xs.dim(3);
        workers.forEach(xs.dim(0), n -> {
            long image = n * xs.size(1, 4);
            lanes.fill(0, dx, image, Math.toIntExact(xs.size(1, 4)));
            for (int oy = 0; oy < ys.dim(1); oy++) {
                for (int ox = 0; ox < ys.dim(2); ox++) {
                    long at = (((long) n * ys.dim(1) + oy) * ys.dim(2) + ox) * c;
                    float share = 1f / divisor(oy, ox);
                    for (int iy = fromY(oy); iy < toY(oy); iy++) {
                        for (int ix = fromX(ox); ix < toX(ox); ix++) {
                            lanes.axpy(share, dy, at, dx, image + ((long) iy * xs.dim(2) + ix) * c, c);
                        }
                    }
                }
            }
        });
    }
}
