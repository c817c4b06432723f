/// [Convolution][org.jmoco.tensor.backend.jvm.convolution.Convolution] and its gradients, as matrix products of
/// windows that are read where they lie, or by Winograd's minimal filtering.
package org.jmoco.tensor.backend.jvm.convolution;
