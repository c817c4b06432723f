/// Python's pickle format without Python: a reader that executes nothing and a writer of the plain
/// part.
///
/// What a pickle holds becomes: `null`, [Boolean], [Long], [java.math.BigInteger], [Double],
/// [String], `byte[]`, [java.util.List], [PyTuple], [PyDict], [PyGlobal] for a name of a module,
/// and [PyObject] for everything else: a record of what the pickle wanted to call, with which
/// arguments. Nothing is ever called or loaded because a file says so; [Unpickler.Host] decides
/// which few globals are built.
package org.jmoco.nn.weights.pickle;
