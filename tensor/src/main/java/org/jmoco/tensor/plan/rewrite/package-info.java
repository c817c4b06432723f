/// Rewrites of programs, one class a rule. Each makes a program with the same values, up to rounding, that takes
/// fewer passes over memory; what comes out are ordinary ops with references and kernels of their own.
package org.jmoco.tensor.plan.rewrite;
