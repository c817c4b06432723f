/// Arrays in files: safetensors and npy, read through memory maps and written atomically.
///
/// Reading order: [ElementType], [ArrayData], [SafeTensors], [Npy], [NpyWriter]; below them
/// [MappedFile] and [AtomicFile].
///
/// Every reader treats its file as hostile: sizes are checked against the file before anything is
/// allocated, and a lie is refused with a [FormatException] that names the file. A file that cannot
/// be opened, read or written gives an [java.io.UncheckedIOException] whose message says which and
/// why.
package org.jmoco.tensor.io;
