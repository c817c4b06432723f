/// Updates of state: what an optimiser or a moving average does to a whole [group][org.jmoco.tensor.VariableGroup]
/// of variables in one sweep.
package org.jmoco.tensor.ops.update;
