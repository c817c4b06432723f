package org.jmoco.tensor.ops.image;

import java.util.Arrays;
import java.util.List;
import org.jmoco.tensor.Call;
import org.jmoco.tensor.DType;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.ShapeException;
import org.jmoco.tensor.Tensor;

/// Zeros right of and below each image of a padded batch. Images that are normalised on the device need it: their
/// padding came as bytes, and no byte is the mean colour.
///
/// | name    | shape          | meaning                                                        |
/// |---------|----------------|----------------------------------------------------------------|
/// | x       | `[n, h, w, c]` | images, padded                                                 |
/// | extents | `[n, 2]` I32   | height and width of each image; larger ones leave it as it is  |
/// | y       | `[n, h, w, c]` | x inside the image, 0 outside                                  |
///
/// Gradient: `dx` is `dy` with zeros outside.
public record ZeroOutside() implements Op.InPlace {
    @Override
    public Shape shapeOf(Shape... in) {
        Shape x = in[0].requireRank(4, "zeroOutside", "images [n, h, w, c]");
        if (!in[1].equals(Shape.of(x.dim(0), 2))) {
            throw new ShapeException("zeroOutside: images " + x + " want extents [" + x.dim(0) + ", 2], got " + in[1]);
        }
        return x;
    }

    @Override
    public DType typeOf(DType... in) {
        if (in[0] != DType.F32 || in[1] != DType.I32) {
            throw new ShapeException(
                    "zeroOutside: expected images of F32 and extents of I32, got " + in[0] + " and " + in[1]);
        }
        return DType.F32;
    }

    @Override
    public List<Tensor> gradient(Call call, Tensor dy) {
        return Arrays.asList(on(dy, call.input(1)), null);
    }
}
