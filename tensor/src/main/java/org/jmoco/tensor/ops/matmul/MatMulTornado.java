package org.jmoco.tensor.ops.matmul;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.MatrixProduct;
import org.jmoco.tensor.backend.tornado.Profile;
import org.jmoco.tensor.backend.tornado.TornadoKernel;

final class MatMulTornado implements TornadoKernel<MatMul> {
    private static MatrixProduct product(MatMul op, Node call) {
        Shape left = call.input(0).shape();
        Shape right = call.input(1).shape();
        return new MatrixProduct(
                call.shape().dim(0),
                call.shape().dim(1),
                left.dim(op.transposeA() ? 0 : 1),
                op.transposeA() ? 1 : left.dim(1),
                op.transposeA() ? left.dim(1) : 1,
                op.transposeB() ? 1 : right.dim(1),
                op.transposeB() ? right.dim(1) : 1);
    }

    @Override
    public long scratch(MatMul op, Node call, Profile profile) {
        return product(op, call).scratch(call, profile);
    }

    @Override
    public long scratchInts(MatMul op, Node call, Profile profile) {
        return product(op, call).scratchInts(call, profile);
    }

    @Override
    public void emit(MatMul op, Args a, Launches gpu) {
        product(op, a.node()).emit(a, gpu);
    }

    @Override
    public boolean anywhere(MatMul op, int operand) {
        return operand != 2;
    }
}
