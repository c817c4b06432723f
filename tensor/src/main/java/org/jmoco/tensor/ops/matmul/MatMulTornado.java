package org.jmoco.tensor.ops.matmul;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.Shape;
import org.jmoco.tensor.backend.tornado.Args;
import org.jmoco.tensor.backend.tornado.Launches;
import org.jmoco.tensor.backend.tornado.Profile;
import org.jmoco.tensor.backend.tornado.Sgemm;
import org.jmoco.tensor.backend.tornado.TornadoKernel;

final class MatMulTornado implements TornadoKernel<MatMul> {
    @Override
    public long scratch(MatMul op, Node call, Profile profile) {
        Shape y = call.shape();
        return Sgemm.scratch(y.dim(0), y.dim(1), call.input(0).shape().dim(op.transposeA() ? 0 : 1));
    }

    @Override
    public void emit(MatMul op, Args a, Launches gpu) {
        Shape left = a.shape(0);
        Shape right = a.shape(1);
        int aRow = op.transposeA() ? 1 : left.dim(1);
        int aColumn = op.transposeA() ? left.dim(1) : 1;
        int bRow = op.transposeB() ? 1 : right.dim(1);
        int bColumn = op.transposeB() ? right.dim(1) : 1;
        Sgemm.product(
                gpu,
                a.arenas(0, 1),
                a.in(0),
                aRow,
                aColumn,
                a.in(1),
                bRow,
                bColumn,
                a.out(),
                a.outShape().dim(0),
                a.outShape().dim(1),
                left.dim(op.transposeA() ? 0 : 1),
                a.operands() > 2 ? a.in(2) : -1,
                a.scratch());
    }

    @Override
    public boolean anywhere(MatMul op, int operand) {
        return operand != 2;
    }
}
