/// Matrix products: [Gemm][org.jmoco.tensor.backend.jvm.products.Gemm] cuts them into tiles,
/// [Panels][org.jmoco.tensor.backend.jvm.products.Panels] choose a
/// [MicroKernel][org.jmoco.tensor.backend.jvm.products.MicroKernel] for each panel of columns.
package org.jmoco.tensor.backend.jvm.products;
