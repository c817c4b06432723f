/// Runs programs on GPUs and other devices through TornadoVM.
///
/// Reading order: [org.jmoco.tensor.backend.tornado.Kernel] (what a kernel may do),
/// [org.jmoco.tensor.backend.tornado.TornadoKernel] (an op's launches),
/// [org.jmoco.tensor.backend.tornado.Launcher] (how kernels reach the device),
/// [org.jmoco.tensor.backend.tornado.TornadoBackend]. Classes of this package and `*Tornado` classes beside ops
/// refer to TornadoVM's API, which is there only when the program runs on an SDK: nothing else may refer to them
/// but by name.
package org.jmoco.tensor.backend.tornado;
