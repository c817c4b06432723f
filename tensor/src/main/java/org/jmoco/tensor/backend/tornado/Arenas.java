package org.jmoco.tensor.backend.tornado;

/// The numbers of the arenas that a [FarKernel]'s operands lie in; that of `mem` is 0.
///
/// @param a      of its first far operand
/// @param b      of its second
/// @param e      of its third
/// @param result of what it writes
public record Arenas(int a, int b, int e, int result) {
    /// All in the first.
    public static final Arenas NEAR = new Arenas(0, 0, 0, 0);
}
