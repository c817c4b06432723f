package org.jmoco.tensor.ops.elementwise;

import java.util.List;
import java.util.stream.IntStream;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;

/// Images of bytes as normalised floats, channel by channel: torchvision's `ToTensor`, an optional shift of each
/// image's colour, and `Normalize`, with the same bits.
///
/// | name  | shape              | meaning                                                                        |
/// |-------|--------------------|--------------------------------------------------------------------------------|
/// | x     | `[n, h, w, c]` U8  | images                                                                         |
/// | shift | `[n, c]`, optional | added to each image's channels in units of the full range (AlexNet's lighting) |
/// | y     | `[n, h, w, c]`     | `((x / 255 + shift) − mean) / std`                                             |
///
/// @param mean one value a channel, in units of the full range
/// @param std  one value a channel, in units of the full range, above 0
public record NormalizeImage(List<Float> mean, List<Float> std) implements Op.NoGradient {
    public NormalizeImage {
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        if (mean.isEmpty() || mean.size() != std.size() || !std.stream().allMatch(s -> s > 0)) {
            throw new IllegalArgumentException(
                    "normalizeImage: expected a mean and a positive standard deviation for each channel, got " + mean
                            + " and " + std);
        }
    }

    /// The op for these channels.
    public static NormalizeImage of(float[] mean, float[] std) {
        return new NormalizeImage(boxed(mean), boxed(std));
    }

    private static List<Float> boxed(float... values) {
        return IntStream.range(0, values.length).mapToObj(i -> values[i]).toList();
    }

    @Override
    public Shape shapeOf(Shape... in) {
        Shape x = in[0].requireRank(4, "normalizeImage", "images [n, h, w, c]");
        if (x.dim(3) != mean.size()) {
            throw new ShapeException("normalizeImage: means of " + mean.size() + " channels for images " + x);
        }
        if (in.length > 1 && !in[1].equals(Shape.of(x.dim(0), x.dim(3)))) {
            throw new ShapeException("normalizeImage: expected a shift [n, c] for images " + x + ", got " + in[1]);
        }
        return x;
    }

    @Override
    public DType typeOf(DType... in) {
        if (in[0] != DType.U8) {
            throw new ShapeException("normalizeImage: expected images of U8, got " + in[0]);
        }
        if (in.length > 1 && in[1] != DType.F32) {
            throw new ShapeException("normalizeImage: expected a shift of F32, got " + in[1]);
        }
        return DType.F32;
    }

    @Override
    public double flops(Shape out, Shape... in) {
        return 3.0 * out.size();
    }
}
