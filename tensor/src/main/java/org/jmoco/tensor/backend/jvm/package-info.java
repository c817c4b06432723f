/// Runs programs on the JVM: kernels in the Vector API, or in plain Java, over memory outside the heap.
///
/// Reading order: [JvmKernel][org.jmoco.tensor.backend.jvm.JvmKernel] (what a kernel may do),
/// [JvmBackend][org.jmoco.tensor.backend.jvm.JvmBackend] and
/// [JvmExecutable][org.jmoco.tensor.backend.jvm.JvmExecutable] (plans become calls). Kernels stand beside their ops
/// as `*Jvm`; what they are made of lies in four rooms, each of which knows only those before it: `runtime` (threads,
/// scratch memory, the processor), `lanes` (arithmetic on rows), `products` (matrix products), `convolution`.
package org.jmoco.tensor.backend.jvm;
