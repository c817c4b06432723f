/// Losses as functions of tensors: they add nodes to the program being traced, and gradients follow from those.
package org.jmoco.nn.losses;
