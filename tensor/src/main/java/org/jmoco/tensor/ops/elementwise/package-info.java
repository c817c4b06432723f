/// Arithmetic element by element, with broadcasting. [UnaryJvm][org.jmoco.tensor.ops.elementwise.UnaryJvm] and
/// [BinaryJvm][org.jmoco.tensor.ops.elementwise.BinaryJvm] hold what the JVM kernels share.
package org.jmoco.tensor.ops.elementwise;
