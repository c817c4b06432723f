/// Export of a ResNet to ONNX with a protocol-buffer writer of our own.
///
/// Reading order: [ResNetOnnx] (the graph), [OnnxGraph] (ONNX's messages), [org.jmoco.tensor.io.ProtoMessage] (the
/// wire format).
package org.jmoco.nn.weights.onnx;
