/// Tensors, the programs made of them, and what a reader needs to know first.
///
/// Reading order: [Tensor][org.jmoco.tensor.Tensor] and [Op][org.jmoco.tensor.Op];
/// [Program][org.jmoco.tensor.Program], [Trace][org.jmoco.tensor.Trace] and [Variable][org.jmoco.tensor.Variable];
/// [Gradients][org.jmoco.tensor.Gradients]; one family below `ops`, such as `ops.elementwise`; `plan.Planner` and
/// `plan.rewrite.Rewrites`; `backend.jvm`.
///
/// Words: a *tensor* is a handle on a value; a *node* is the op, operands and shape that make it; a *graph* is all
/// nodes a program needs; a *variable* is state that outlives a run, a *variable group* several of them in one
/// block; a *plan* is the order of the kernel calls and the place of every value; a *kernel* computes one op on
/// one *backend*; a *device* is a backend with its memory.
package org.jmoco.tensor;
