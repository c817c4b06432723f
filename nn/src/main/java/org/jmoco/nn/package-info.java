/// Networks: modules, the residual networks, their initial values and their checkpoints.
///
/// Reading order: [Module][org.jmoco.nn.Module] (fields are checkpoint keys) and [Layer][org.jmoco.nn.Layer] (one
/// tensor in, one out), [Mode][org.jmoco.nn.Mode] (training or evaluation), [Linear][org.jmoco.nn.Linear],
/// [Conv2d][org.jmoco.nn.Conv2d] with their [Start][org.jmoco.nn.Start], [BatchNorm2d][org.jmoco.nn.BatchNorm2d]
/// and the other [norms][org.jmoco.nn.Norm], then [ResNet][org.jmoco.nn.ResNet] with its
/// [Arch][org.jmoco.nn.Arch], [Stem][org.jmoco.nn.Stem], blocks and [Heads][org.jmoco.nn.Heads],
/// [Init][org.jmoco.nn.Init] and [StateDict][org.jmoco.nn.StateDict].
///
/// | package     | what lives there                                                     |
/// |-------------|----------------------------------------------------------------------|
/// | `losses`    | cross-entropy, MoCo's InfoNCE                                        |
/// | `optim`     | SGD, sums of gradients, moving averages, learning-rate schedules     |
/// | `weights`   | layouts and file formats of other frameworks                         |
/// | `data`      | images, their sources and their augmentation                         |
/// | `train`     | the training loop, and what a run keeps                              |
/// | `processes` | several JVMs that compute one run together, over MPI                 |
package org.jmoco.nn;
