/// Normalisation: batch norm in its training and inference forms, over the whole batch or groups of it, and rows
/// of unit length.
package org.jmoco.tensor.ops.norm;
