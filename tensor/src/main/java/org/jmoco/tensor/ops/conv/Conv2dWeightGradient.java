package org.jmoco.tensor.ops.conv;

import java.util.Arrays;
import java.util.List;
import org.jmoco.tensor.Call;
import org.jmoco.tensor.Op;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.Tensor;

/// The gradient of [Conv2d] with respect to its weights, summed over the batch in the order of the images.
///
/// | name | shape                                 | meaning                |
/// |------|---------------------------------------|------------------------|
/// | x    | `[n, h, w, in]`                       | images                 |
/// | dy   | `[n, oh, ow, out]`                    | gradient of the output |
/// | dw   | `[kh, kw, in/groups, out]`, `weights` | gradient of the weights |
///
/// It is linear in both operands; its own gradient is a [Conv2dInputGradient] and a convolution.
public record Conv2dWeightGradient(Conv2d conv, Shape weights) implements Op.SampleSum, Op.Product {
    @Override
    public Shape shapeOf(Shape... in) {
        return weights;
    }

    @Override
    public List<Tensor> gradient(Call call, Tensor ddw) {
        Tensor x = call.input(0);
        Tensor dy = call.input(1);
        return Arrays.asList(
                call.needs(0) ? new Conv2dInputGradient(conv, x.shape()).on(dy, ddw) : null,
                call.needs(1) ? conv.on(x, ddw) : null);
    }

    @Override
    public double flops(Shape out, Shape... in) {
        return conv.flops(in[1], in[0], out);
    }
}
