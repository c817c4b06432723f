/// Files of `torch.save`, both containers, read and written without PyTorch.
///
/// Reading order: [TorchFile] (what a file holds), [TorchZip] and [TorchLegacy] (the containers),
/// [TorchObjects] (tensors out of the pickle), [TorchWriter].
package org.jmoco.nn.weights.torch;
