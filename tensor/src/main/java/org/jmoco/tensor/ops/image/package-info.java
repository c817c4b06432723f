/// Ops on images and feature maps, `[n, h, w, c]`: bilinear resizing, RoIAlign, blanking what lies outside.
///
/// Interpolation is separable: along each axis it is a sparse matrix
/// ([Interpolation][org.jmoco.tensor.ops.image.Interpolation]), and its gradient is the transposed one. So sums have
/// a fixed order and nothing is scattered.
package org.jmoco.tensor.ops.image;
