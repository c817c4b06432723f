package org.jmoco.eval.embed;

import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.jmoco.tensor.random.Philox;

/// A map of points on which neighbours stay neighbours: t-distributed stochastic neighbour embedding (van der
/// Maaten and Hinton 2008), the exact form, for up to a few thousand points.
///
/// Each point's neighbours follow a Gaussian whose width gives them the wanted perplexity; on the map they follow
/// a Student t-distribution; gradient descent brings the two together (equations 1 to 5 of the paper, with its
/// early exaggeration and momentum).
///
/// @param perplexity effective number of neighbours, at least 1
/// @param iterations of gradient descent
public record TSne(double perplexity, int iterations) {
    private static final double EXAGGERATION = 12;
    private static final int EXAGGERATED = 250;
    private static final double TINY = 1e-12;

    /// What most people use.
    public static final TSne USUAL = new TSne(30, 750);

    /// Positions on the map, `[n, 2]`; the same numbers for the same points and seed on every machine.
    ///
    /// @param points `[n, d]`
    public float[][] map(DMatrixRMaj points, long seed) {
        int n = points.numRows;
        Philox draws = new Philox(seed, 0, 0, 0);
        double[] y = new double[2 * n];
        for (int i = 0; i < y.length; i++) {
            y[i] = 1e-4 * draws.nextNormal();
        }
        if (n > 1) { // one point has no neighbours and stays where it is
            descend(affinities(points), y, n);
        }
        float[][] map = new float[n][2];
        for (int i = 0; i < n; i++) {
            map[i] = new float[] {(float) y[2 * i], (float) y[2 * i + 1]};
        }
        return map;
    }

    /// Symmetric joint probabilities of being neighbours, `[n, n]`.
    private double[] affinities(DMatrixRMaj points) {
        int n = points.numRows;
        DMatrixRMaj inner = new DMatrixRMaj(n, n);
        CommonOps_DDRM.multOuter(points, inner);
        double[] conditional = new double[n * n];
        double wanted = StrictMath.log(Math.min(perplexity, Math.max(1, (n - 1) / 3.0)));
        IntStream.range(0, n).parallel().forEach(i -> {
            double[] distances = new double[n];
            for (int j = 0; j < n; j++) {
                distances[j] = Math.max(0, inner.get(i, i) + inner.get(j, j) - 2 * inner.get(i, j));
            }
            neighbours(distances, i, wanted, conditional, i * n);
        });
        double[] joint = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                joint[i * n + j] = Math.max(TINY, (conditional[i * n + j] + conditional[j * n + i]) / (2.0 * n));
            }
        }
        return joint;
    }

    /// Finds by bisection the precision at which the neighbours' distribution has the wanted entropy, and writes
    /// that distribution.
    private static void neighbours(double[] distances, int self, double wanted, double[] out, int at) {
        double low = 0;
        double high = Double.POSITIVE_INFINITY;
        double precision = 1;
        double nearest = Double.POSITIVE_INFINITY;
        for (int j = 0; j < distances.length; j++) {
            nearest = j == self ? nearest : Math.min(nearest, distances[j]);
        }
        for (int step = 0; step < 64; step++) {
            double sum = 0;
            double weighted = 0;
            for (int j = 0; j < distances.length; j++) {
                double p = j == self ? 0 : StrictMath.exp(-precision * (distances[j] - nearest));
                out[at + j] = p;
                sum += p;
                weighted += p * (distances[j] - nearest);
            }
            double entropy = StrictMath.log(sum) + precision * weighted / sum;
            for (int j = 0; j < distances.length; j++) {
                out[at + j] /= sum;
            }
            if (Math.abs(entropy - wanted) < 1e-5) {
                return;
            }
            if (entropy > wanted) {
                low = precision;
                precision = high == Double.POSITIVE_INFINITY ? precision * 2 : (low + high) / 2;
            } else {
                high = precision;
                precision = (low + high) / 2;
            }
        }
    }

    private void descend(double[] affinities, double[] y, int n) {
        double rate = Math.max(n / EXAGGERATION / 4, 50);
        double[] velocity = new double[y.length];
        double[] gains = new double[y.length];
        java.util.Arrays.fill(gains, 1);
        double[] rowSums = new double[n];
        double[] gradient = new double[y.length];
        for (int t = 0; t < iterations; t++) {
            double exaggeration = t < EXAGGERATED ? EXAGGERATION : 1;
            double momentum = t < EXAGGERATED ? 0.5 : 0.8;
            IntStream.range(0, n).parallel().forEach(i -> {
                double sum = 0;
                for (int j = 0; j < n; j++) {
                    sum += i == j ? 0 : closeness(y, i, j);
                }
                rowSums[i] = sum;
            });
            double total = 0;
            for (double sum : rowSums) {
                total += sum;
            }
            double all = total;
            IntStream.range(0, n).parallel().forEach(i -> {
                double dx = 0;
                double dy = 0;
                for (int j = 0; j < n; j++) {
                    double q = closeness(y, i, j);
                    double force = (exaggeration * affinities[i * n + j] - q / all) * q;
                    dx += force * (y[2 * i] - y[2 * j]);
                    dy += force * (y[2 * i + 1] - y[2 * j + 1]);
                }
                gradient[2 * i] = 4 * dx;
                gradient[2 * i + 1] = 4 * dy;
            });
            for (int k = 0; k < y.length; k++) {
                boolean turned = gradient[k] > 0 == velocity[k] > 0;
                gains[k] = Math.max(0.01, turned ? gains[k] * 0.8 : gains[k] + 0.2);
                velocity[k] = momentum * velocity[k] - rate * gains[k] * gradient[k];
                y[k] += velocity[k];
            }
        }
    }

    private static double closeness(double[] y, int i, int j) {
        double dx = y[2 * i] - y[2 * j];
        double dy = y[2 * i + 1] - y[2 * j + 1];
        return 1 / (1 + dx * dx + dy * dy);
    }
}
