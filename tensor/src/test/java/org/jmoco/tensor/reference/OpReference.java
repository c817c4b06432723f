package org.jmoco.tensor.reference;

import org.jmoco.tensor.Node;
import org.jmoco.tensor.Op;

/// What an op means, in float64 and as plainly as possible. The reference of `Name` is `NameReference`, in the
/// same package of the test tree.
///
/// @param <O> the op
public interface OpReference<O extends Op> {
    /// Computes one call.
    ///
    /// @param call shapes and types of operands and result
    /// @param in   operands, row-major; integers and bytes as doubles
    /// @return the result, row-major
    double[] run(O op, Node call, double[]... in);
}
