/// Arithmetic element by element, with broadcasting. [Unary][org.jmoco.tensor.ops.elementwise.Unary] and
/// [Binary][org.jmoco.tensor.ops.elementwise.Binary] hold what the JVM kernels share.
package org.jmoco.tensor.ops.elementwise;
