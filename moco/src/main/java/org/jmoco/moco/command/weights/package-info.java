/// `jmoco weights …`: one class a command, over [WeightsTool][org.jmoco.nn.weights.WeightsTool].
package org.jmoco.moco.command.weights;
