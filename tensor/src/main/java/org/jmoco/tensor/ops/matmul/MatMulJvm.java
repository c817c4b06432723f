package org.jmoco.tensor.ops.matmul;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.backend.OpExample;
import org.jmoco.tensor.backend.jvm.Args;
import org.jmoco.tensor.backend.jvm.JvmKernel;
import org.jmoco.tensor.backend.jvm.products.Gemm;
import org.jmoco.tensor.backend.jvm.products.Matrix;
import org.jmoco.tensor.backend.jvm.runtime.Workers;

final class MatMulJvm implements JvmKernel<MatMul> {
    private final Gemm gemm = new Gemm();

    @Override
    public void run(MatMul op, Args args, Workers workers) {
        int m = args.outShape().dim(0);
        int n = args.outShape().dim(1);
        int k = args.shape(0).dim(op.transposeA() ? 0 : 1);
        Matrix a = new Matrix(args.in(0), 0, args.shape(0).dim(1), op.transposeA());
        Matrix b = new Matrix(args.in(1), 0, args.shape(1).dim(1), op.transposeB());
        Gemm.Output product = Gemm.Output.to(args.out(), 0, n);
        gemm.multiply(workers, m, n, k, a, b, args.operands() > 2 ? product.plusBias(args.in(2), 0) : product);
    }

    /// The right-hand operand, packed.
    @Override
    public long workspace(MatMul op, Node call) {
        return call.input(1).bytes();
    }

    @Override
    public OpExample example() {
        return OpExample.of(new MatMul(false, false)).floats(512, 512).floats(512, 512);
    }
}
