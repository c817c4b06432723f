/// Ops that move elements without changing them: views (reshape, leading slices), copies (slices, concatenations,
/// permutations), rows and elements picked by number, writes at a run-time place, casts.
package org.jmoco.tensor.ops.shape;
