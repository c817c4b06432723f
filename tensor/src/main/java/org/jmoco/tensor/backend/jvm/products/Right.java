package org.jmoco.tensor.backend.jvm.products;

import java.lang.foreign.MemorySegment;

/// A panel of the right-hand side of a matrix product over one stretch of k, as the [MicroKernel] reads it: the
/// columns of a k lie side by side, element (k, j) at `at + k·stride + j`.
///
/// @param data   the memory
/// @param at element offset of the first column
/// @param stride distance between two k: the kernel's columns if the panel was packed; else see
///     [MicroKernel#takesAnyRightStride]
public record Right(MemorySegment data, long at, int stride) {}
