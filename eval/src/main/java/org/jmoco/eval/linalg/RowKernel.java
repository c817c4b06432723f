package org.jmoco.eval.linalg;

/// Inner products of a few rows of one matrix with a few rows of another, added to a small tile of the result.
///
/// Every method of a kernel sums an entry in the same order, so that an entry has the same bits whichever tile it
/// was part of.
interface RowKernel {

    /// Rows of a tile, and columns of a full one.
    int TILE = 4;

    /// The kernel for this JVM: the Vector API where its module is present, plain Java elsewhere.
    RowKernel BEST = best();

    /// `out[o + r·so + c] += Σ_k a[i + r·sa + k]·b[j + c·sb + k]` for `r < 4`, `c < 4`, `k < length`.
    void tile4x4(double[] a, int i, int sa, double[] b, int j, int sb, int length, double[] out, int o, int so);

    /// `out[o + r·so] += Σ_k a[i + r·sa + k]·b[j + k]` for `r < 4`, `k < length`.
    void tile4x1(double[] a, int i, int sa, double[] b, int j, int length, double[] out, int o, int so);

    /// `Σ_k a[i + k]·b[j + k]` for `k < length`.
    double dot(double[] a, int i, double[] b, int j, int length);

    private static RowKernel best() {
        // The class that uses the Vector API must not be loaded where the module is absent.
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
                ? new VectorRowKernel()
                : new PlainRowKernel();
    }
}
