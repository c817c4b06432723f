package org.jmoco.tensor.backend.jvm.convolution;

import java.lang.foreign.MemorySegment;

/// The transforms of Winograd's minimal filtering F(m×m, 3×3) for tiles of `outputs`² results out of `inputs`² =
/// (m + 2)² pixels (Lavin and Gray, *Fast Algorithms for Convolutional Neural Networks*, 2016, equation 8):
/// `Y = Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A`, where ⊙ is summed over the channels by matrix products.
///
/// Every method does one tile or one kernel for all of `channels` channels that lie side by side. In the
/// transformed domain the `inputs`² values of a channel lie `step` floats apart, in the order of rows.
///
/// The gradient with respect to the kernel is the transpose of the same linear map:
/// `dg = Gᵀ[(Bᵀ d B) ⊙ (A dY Aᵀ)]G`, summed over all tiles before the outer transform.
abstract class WinogradTile {
    private final int outputs;

    WinogradTile(int outputs) {
        this.outputs = outputs;
    }

    /// m: rows and columns of results in a tile.
    final int outputs() {
        return outputs;
    }

    /// Rows and columns of pixels a tile reads.
    final int inputs() {
        return outputs + 2;
    }

    /// Values of a channel in the transformed domain.
    final int points() {
        return inputs() * inputs();
    }

    /// `v = Bᵀ d B` of a tile of pixels.
    ///
    /// @param line distance between two rows of pixels   @param pixel distance between two pixels of a row
    abstract void pixels(
            MemorySegment d, long dAt, long line, long pixel, int channels, MemorySegment v, long vAt, long step);

    /// `u = G g Gᵀ` of a kernel whose taps lie `tap` floats apart, in the order of rows; a negative distance walks
    /// through them backwards.
    abstract void kernel(MemorySegment g, long gAt, long tap, int channels, MemorySegment u, long uAt, long step);

    /// `Y = Aᵀ m A`, of which the first `rows` × `columns` results are stored.
    abstract void results(
            MemorySegment m,
            long mAt,
            long step,
            int channels,
            MemorySegment y,
            long yAt,
            long line,
            long pixel,
            int rows,
            int columns);

    /// `e = A dY Aᵀ`, the transpose of [#results], where results beyond the first `rows` × `columns` are zero.
    abstract void resultGradients(
            MemorySegment dy,
            long dyAt,
            long line,
            long pixel,
            int rows,
            int columns,
            int channels,
            MemorySegment e,
            long eAt,
            long step);

    /// `dg = Gᵀ du G`, the transpose of [#kernel].
    abstract void kernelGradient(
            MemorySegment du, long duAt, long step, int channels, MemorySegment dg, long dgAt, long tap);
}
