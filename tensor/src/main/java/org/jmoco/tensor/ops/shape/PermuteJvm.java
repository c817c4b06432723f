package org.jmoco.tensor.ops.shape;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

/// Axes that stay neighbours are merged first. Then either the last axis stays the last one, and rows are copied,
/// or the operand's last axis and the result's span matrices that are transposed tile by tile.
final class PermuteJvm implements JvmKernel<Permute> {
    private static final int CHUNK = 16_384;
    /// Side of a tile: 32 rows of two cache lines on either side fit the first-level cache with room to spare.
    private static final int TILE = 32;

    /// An axis of the result with its stride there and in the operand, in elements.
    private record Axis(int extent, long in, long out) {}

    @Override
    public void run(Permute op, Args args, Workers workers) {
        if (args.out().byteSize() == 0) {
            return;
        }
        int bytes = args.node().dtype().bytes();
        List<Axis> axes = merged(op, args.shape(0));
        Axis last = axes.removeLast();
        if (last.in() == 1) {
            long row = (long) last.extent() * bytes;
            workers.forRange(extent(axes), Math.max(1, CHUNK / last.extent()), (from, to) -> {
                for (long r = from; r < to; r++) {
                    MemorySegment.copy(
                            args.in(0), offset(axes, r, true) * bytes, args.out(), offset(axes, r, false) * bytes, row);
                }
            });
            return;
        }
        Axis contiguous = axes.stream().filter(a -> a.in() == 1).findFirst().orElseThrow();
        axes.remove(contiguous);
        int strips = Math.ceilDiv(contiguous.extent(), TILE);
        long tasks = extent(axes) * strips;
        workers.forRange(tasks, Math.max(1, CHUNK / (TILE * last.extent())), (from, to) -> {
            for (long t = from; t < to; t++) {
                long outer = t / strips;
                int i = (int) (t % strips) * TILE;
                Axis strip = new Axis(Math.min(TILE, contiguous.extent() - i), 1, contiguous.out());
                transpose(
                        args,
                        bytes,
                        strip,
                        last,
                        offset(axes, outer, true) + i,
                        offset(axes, outer, false) + i * contiguous.out());
            }
        });
    }

    /// The result's axes, outermost first, those of extent 1 left out and neighbours that stay neighbours made
    /// one. The last one has stride 1 in the result.
    private static List<Axis> merged(Permute op, Shape x) {
        Shape y = op.shapeOf(x);
        List<Axis> axes = new ArrayList<>();
        for (int a = 0; a < y.rank(); a++) {
            int from = op.axes().get(a);
            Axis next = new Axis(y.dim(a), x.size(from + 1, x.rank()), y.size(a + 1, y.rank()));
            if (next.extent() == 1) {
                continue;
            }
            if (!axes.isEmpty() && axes.getLast().in() == next.in() * next.extent()) {
                next = new Axis(axes.removeLast().extent() * next.extent(), next.in(), next.out());
            }
            axes.add(next);
        }
        if (axes.isEmpty()) {
            axes.add(new Axis(1, 1, 1));
        }
        return axes;
    }

    private static long extent(List<Axis> axes) {
        return axes.stream().mapToLong(Axis::extent).reduce(1, Math::multiplyExact);
    }

    /// Where position `index` of the outer axes begins, in elements of the operand or of the result.
    private static long offset(List<Axis> axes, long index, boolean ofOperand) {
        long at = 0;
        long rest = index;
        for (int a = axes.size() - 1; a >= 0; a--) {
            Axis axis = axes.get(a);
            at += rest % axis.extent() * (ofOperand ? axis.in() : axis.out());
            rest /= axis.extent();
        }
        return at;
    }

    /// y[i, j] = x[j, i], where `i` runs over a strip of the operand's contiguous axis and `j` over the result's.
    private static void transpose(Args args, int bytes, Axis strip, Axis last, long xAt, long yAt) {
        for (int j0 = 0; j0 < last.extent(); j0 += TILE) {
            int j1 = Math.min(last.extent(), j0 + TILE);
            for (int i = 0; i < strip.extent(); i++) {
                long x = xAt + i;
                long y = yAt + i * strip.out();
                if (bytes == 4) {
                    for (int j = j0; j < j1; j++) {
                        args.out()
                                .setAtIndex(
                                        ValueLayout.JAVA_INT,
                                        y + j,
                                        args.in(0).getAtIndex(ValueLayout.JAVA_INT, x + j * last.in()));
                    }
                } else {
                    for (int j = j0; j < j1; j++) {
                        args.out()
                                .set(
                                        ValueLayout.JAVA_BYTE,
                                        y + j,
                                        args.in(0).get(ValueLayout.JAVA_BYTE, x + j * last.in()));
                    }
                }
            }
        }
    }

    @Override
    public OpExample example() {
        return OpExample.of(new Permute(List.of(0, 3, 1, 2))).floats(4, 56, 56, 64);
    }
}
