/// Weights in and out: files of PyTorch, MoCo, MMSelfSup, torchvision and detectron2.
///
/// Reading order: [Checkpoint] (any file as named arrays), [KeyMaps] and [Layout] (the names of
/// other projects as data), [Weights] (a checkpoint under our names), [ResNetSpec] (which network
/// it is), [WeightsTool] (inspect, convert,
/// extract, diff).
///
/// Our names are torchvision's for one encoder (`conv1.weight` … `fc.bias`), and `encoder_q.`,
/// `encoder_k.`, `queue` and `queue_ptr` for a whole MoCo. Arrays in files are in PyTorch's order.
package org.jmoco.nn.weights;
