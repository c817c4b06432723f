package org.jmoco.tensor.backend.jvm.convolution;

import static org.jmoco.tensor.backend.jvm.lanes.Element.get;
import static org.jmoco.tensor.backend.jvm.lanes.Element.set;

import java.lang.foreign.MemorySegment;

/// [WinogradTile] as ordinary loops over the matrices of the algorithm: the path without the Vector API, and with
/// it the channels that the vectors leave over.
class PlainWinogradTile extends WinogradTile {
    private final float[][] bt;
    private final float[][] g;
    private final float[][] at;

    /// @param bt Bᵀ, `[m + 2, m + 2]`   @param g G, `[m + 2, 3]`   @param at Aᵀ, `[m, m + 2]`
    PlainWinogradTile(float[][] bt, float[][] g, float[][] at) {
        super(at.length);
        this.bt = bt;
        this.g = g;
        this.at = at;
    }

    /// The points of F(4×4, 3×3) are 0, ±[#NEAR], ±[#FAR] and ∞: 36 products for 144. With the textbook's ±1 and
    /// ±2 the same products come out, but powers up to 8 meet twenty-fourths, and the error is more than twice as
    /// large.
    static final float NEAR = 5 / 8f;

    static final float FAR = 3 / 2f;

    /// The squares of the points and their product and sum, all of them exact.
    static final float NEAR_2 = NEAR * NEAR;

    static final float FAR_2 = FAR * FAR;
    static final float PRODUCT = NEAR_2 * FAR_2;
    static final float SUM = NEAR_2 + FAR_2;

    /// What the rows of G are divided by: the product of a point's distances from the others.
    static final float NEAR_DISTANCES = 2 * NEAR_2 * (NEAR_2 - FAR_2);

    static final float FAR_DISTANCES = 2 * FAR_2 * (FAR_2 - NEAR_2);

    static PlainWinogradTile four() {
        return new PlainWinogradTile(BT_4, G_4, AT_4);
    }

    static final float[][] BT_4 = {
        {PRODUCT, 0, -SUM, 0, 1, 0},
        {0, -NEAR * FAR_2, -FAR_2, NEAR, 1, 0},
        {0, NEAR * FAR_2, -FAR_2, -NEAR, 1, 0},
        {0, -FAR * NEAR_2, -NEAR_2, FAR, 1, 0},
        {0, FAR * NEAR_2, -NEAR_2, -FAR, 1, 0},
        {0, PRODUCT, 0, -SUM, 0, 1}
    };
    static final float[][] G_4 = {
        {1 / PRODUCT, 0, 0},
        {1 / NEAR_DISTANCES, NEAR / NEAR_DISTANCES, NEAR_2 / NEAR_DISTANCES},
        {1 / NEAR_DISTANCES, -NEAR / NEAR_DISTANCES, NEAR_2 / NEAR_DISTANCES},
        {1 / FAR_DISTANCES, FAR / FAR_DISTANCES, FAR_2 / FAR_DISTANCES},
        {1 / FAR_DISTANCES, -FAR / FAR_DISTANCES, FAR_2 / FAR_DISTANCES},
        {0, 0, 1}
    };
    static final float[][] AT_4 = {
        {1, 1, 1, 1, 1, 0},
        {0, NEAR, -NEAR, FAR, -FAR, 0},
        {0, NEAR_2, NEAR_2, FAR_2, FAR_2, 0},
        {0, NEAR * NEAR_2, -NEAR * NEAR_2, FAR * FAR_2, -FAR * FAR_2, 1}
    };

    /// The first channel not done by vectors; 0 here.
    int vectorChannels(int channels) {
        return 0;
    }

    @Override
    void pixels(MemorySegment d, long dAt, long line, long pixel, int channels, MemorySegment v, long vAt, long step) {
        int n = inputs();
        float[][] tile = new float[n][n];
        for (int c = vectorChannels(channels); c < channels; c++) {
            for (int i = 0; i < n * n; i++) {
                tile[i / n][i % n] = get(d, dAt + i / n * line + i % n * pixel + c);
            }
            store(product(product(bt, tile), transpose(bt)), v, vAt + c, step);
        }
    }

    @Override
    void kernel(MemorySegment w, long wAt, long tap, int channels, MemorySegment u, long uAt, long step) {
        float[][] kernel = new float[3][3];
        for (int c = vectorChannels(channels); c < channels; c++) {
            for (int i = 0; i < 9; i++) {
                kernel[i / 3][i % 3] = get(w, wAt + i * tap + c);
            }
            store(product(product(g, kernel), transpose(g)), u, uAt + c, step);
        }
    }

    @Override
    void results(
            MemorySegment m,
            long mAt,
            long step,
            int channels,
            MemorySegment y,
            long yAt,
            long line,
            long pixel,
            int rows,
            int columns) {
        for (int c = vectorChannels(channels); c < channels; c++) {
            float[][] tile = product(product(at, load(m, mAt + c, step)), transpose(at));
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < columns; j++) {
                    set(y, yAt + i * line + j * pixel + c, tile[i][j]);
                }
            }
        }
    }

    @Override
    void resultGradients(
            MemorySegment dy,
            long dyAt,
            long line,
            long pixel,
            int rows,
            int columns,
            int channels,
            MemorySegment e,
            long eAt,
            long step) {
        for (int c = vectorChannels(channels); c < channels; c++) {
            float[][] tile = new float[outputs()][outputs()];
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < columns; j++) {
                    tile[i][j] = get(dy, dyAt + i * line + j * pixel + c);
                }
            }
            store(product(product(transpose(at), tile), at), e, eAt + c, step);
        }
    }

    @Override
    void kernelGradient(MemorySegment du, long duAt, long step, int channels, MemorySegment dw, long dwAt, long tap) {
        for (int c = vectorChannels(channels); c < channels; c++) {
            float[][] kernel = product(product(transpose(g), load(du, duAt + c, step)), g);
            for (int i = 0; i < 9; i++) {
                set(dw, dwAt + i * tap + c, kernel[i / 3][i % 3]);
            }
        }
    }

    private float[][] load(MemorySegment m, long from, long step) {
        int n = inputs();
        float[][] tile = new float[n][n];
        for (int i = 0; i < n * n; i++) {
            tile[i / n][i % n] = get(m, from + i * step);
        }
        return tile;
    }

    private static void store(float[][] tile, MemorySegment v, long to, long step) {
        int n = tile.length;
        for (int i = 0; i < n * n; i++) {
            set(v, to + i * step, tile[i / n][i % n]);
        }
    }

    private static float[][] product(float[][] a, float[][] b) {
        float[][] c = new float[a.length][b[0].length];
        for (int i = 0; i < a.length; i++) {
            for (int k = 0; k < b.length; k++) {
                for (int j = 0; j < b[0].length; j++) {
                    c[i][j] = Math.fma(a[i][k], b[k][j], c[i][j]);
                }
            }
        }
        return c;
    }

    private static float[][] transpose(float[][] a) {
        float[][] t = new float[a[0].length][a.length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < t.length; j++) {
                t[j][i] = a[i][j];
            }
        }
        return t;
    }
}
