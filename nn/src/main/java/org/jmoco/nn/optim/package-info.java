/// What moves parameters: [Sgd][org.jmoco.nn.optim.Sgd], [GradientSum][org.jmoco.nn.optim.GradientSum] for batches
/// in parts, [Ema][org.jmoco.nn.optim.Ema] for the key encoder, and the learning rate over time,
/// [Schedule][org.jmoco.nn.optim.Schedule].
package org.jmoco.nn.optim;
