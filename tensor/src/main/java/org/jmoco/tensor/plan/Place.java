package org.jmoco.tensor.plan;

/// Where a value lies.
///
/// @param offset elements from the buffer's beginning
public record Place(Buffer buffer, long offset) {}
