/// Export of a ResNet to ONNX with a protocol-buffer writer of our own.
///
/// Reading order: [ResNetOnnx] (the graph), [OnnxGraph] (ONNX's messages), [ProtoMessage] (the wire
/// format).
package org.jmoco.nn.weights.onnx;
