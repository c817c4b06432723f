package org.jmoco.tensor.ops.elementwise;

import java.lang.foreign.ValueLayout;
import java.util.List;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

/// A byte has 256 values, so each image looks its floats up: the divisions are exact and cost nothing.
final class NormalizeImageJvm implements JvmKernel<NormalizeImage> {
    private static final int VALUES = 256;

    @Override
    public void run(NormalizeImage op, Args args, Workers workers) {
        Shape x = args.shape(0);
        int channels = x.dim(3);
        long size = x.size(1, 4);
        workers.forEach(x.dim(0), image -> {
            float[] table = table(op, args, image, channels);
            long end = (image + 1) * size;
            for (long at = image * size; at < end; at += channels) {
                for (int c = 0; c < channels; c++) {
                    int value = args.in(0).get(ValueLayout.JAVA_BYTE, at + c) & 0xFF;
                    args.out().setAtIndex(ValueLayout.JAVA_FLOAT, at + c, table[c * VALUES + value]);
                }
            }
        });
    }

    private static float[] table(NormalizeImage op, Args args, int image, int channels) {
        float[] table = new float[channels * VALUES];
        for (int c = 0; c < channels; c++) {
            float shift = args.operands() > 1
                    ? args.in(1).getAtIndex(ValueLayout.JAVA_FLOAT, (long) image * channels + c)
                    : 0;
            for (int value = 0; value < VALUES; value++) {
                table[c * VALUES + value] =
                        (value / 255f + shift - op.mean().get(c)) / op.std().get(c);
            }
        }
        return table;
    }

    @Override
    public OpExample example() {
        return OpExample.of(new NormalizeImage(List.of(0.485f, 0.456f, 0.406f), List.of(0.229f, 0.224f, 0.225f)))
                .bytes(4, 224, 224, 3);
    }
}
