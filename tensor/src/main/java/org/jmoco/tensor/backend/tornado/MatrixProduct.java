package org.jmoco.tensor.backend.tornado;

import org.jmoco.tensor.Node;

/// A product `y = a · b` as an op describes it, of the call's first two operands, whatever their strides; y is
/// `[m, n]`, contiguous. [Sgemm] computes it, or [Bf16Products] where it can.
///
/// @param m       rows of a and y
/// @param n       columns of b and y
/// @param k       columns of a and rows of b
/// @param aRow    from one row of a to the next
/// @param aColumn from one column of a to the next
/// @param bRow    from one row of b to the next
/// @param bColumn from one column of b to the next
public record MatrixProduct(int m, int n, int k, int aRow, int aColumn, int bRow, int bColumn) {
    /// Floats of scratch memory that a call wants.
    public long scratch(Node call, Profile profile) {
        return Bf16Products.take(this, call, profile) ? Bf16Products.scratch(this, call) : Sgemm.scratch(m, n, k);
    }

    /// Integers that it wants.
    public long scratchInts(Node call, Profile profile) {
        return Bf16Products.take(this, call, profile) ? Bf16Products.words(this) : 0;
    }

    /// Adds the launches of a call. A third operand is the bias.
    public void emit(Args a, Launches gpu) {
        if (Bf16Products.take(this, a.node(), gpu.profile())) {
            Bf16Products.emit(this, a, gpu);
        } else {
            int bias = a.operands() > 2 ? a.in(2) : -1;
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
                    m,
                    n,
                    k,
                    bias,
                    a.scratch());
        }
    }
}
