package org.jmoco.tensor;

/// What the products of a network are computed from: its matrix products, its convolutions, and those of their
/// gradients. Sums, and everything that is no product, are float32 with each of them.
///
/// bfloat16 has the exponents of float32 and 8 significant bits. Processors of matrices multiply it many times as fast
/// as float32; the product of two such numbers is exact in float32.
public enum Precision {
    /// Operands as they are.
    FLOAT32,
    /// Operands rounded to bfloat16, to the nearest, ties to even.
    BF16,
    /// Three products in place of one: with `hi(x) = bf16(x)` and `lo(x) = bf16(x − hi(x))`, `x·w` is
    /// `hi·hi + (hi·lo + lo·hi)`, at most 2⁻¹⁶ of `Σ|x·w|` off besides the roundings of float32.
    BF16X3
}
