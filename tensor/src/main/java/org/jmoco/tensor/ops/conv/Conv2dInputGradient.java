package org.jmoco.tensor.ops.conv;

import java.util.Arrays;
import java.util.List;
import org.jmoco.tensor.Call;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;

/// The gradient of [Conv2d] with respect to its images: transposed convolution.
///
/// | name   | shape                      | meaning                |
/// |--------|----------------------------|------------------------|
/// | dy     | `[n, oh, ow, out]`         | gradient of the output |
/// | weight | `[kh, kw, in/groups, out]` | the kernels            |
/// | dx     | `[n, h, w, in]`, `images`  | gradient of the images |
///
/// It is linear in both operands; its own gradient is a convolution and a [Conv2dWeightGradient].
public record Conv2dInputGradient(Conv2d conv, Shape images) implements Op.Product {
    @Override
    public Shape shapeOf(Shape... in) {
        return images;
    }

    @Override
    public List<Tensor> gradient(Call call, Tensor ddx) {
        Tensor dy = call.input(0);
        Tensor weight = call.input(1);
        return Arrays.asList(
                call.needs(0) ? conv.on(ddx, weight) : null,
                call.needs(1) ? new Conv2dWeightGradient(conv, weight.shape()).on(ddx, dy) : null);
    }

    @Override
    public double flops(Shape out, Shape... in) {
        return conv.flops(in[0], out, in[1]);
    }
}
