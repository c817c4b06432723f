package org.jmoco.eval.svm;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;

/// Conjugate gradients on several systems `(I + S·K·S)·u = b` at once, `K` a Gram matrix and `S` a diagonal matrix
/// of their own.
///
/// One product with `K` serves all systems that have not converged. The smallest eigenvalue is at least 1, so a
/// residual `r` bounds the error of the quadratic that the method descends: `½·uᵀAu − bᵀu` is within `½·‖r‖²` of
/// its minimum.
final class ConjugateGradients {

    private ConjugateGradients() {}

    /// One system and the state of its iteration.
    static final class LinearSystem {
        private final double[] scale;
        private final double[] u;
        private final double target;
        private final double[] residual;
        private final double[] direction;
        private double squared;

        /// @param scale `[n]`, the diagonal of `S` @param b `[n]` @param u `[n]`, where to start; holds the
        ///     solution in the end
        /// @param target the iteration ends when `½·‖r‖²` is at most this
        LinearSystem(double[] scale, double[] b, double[] u, double target) {
            this.scale = scale;
            this.u = u;
            this.target = target;
            this.residual = b;
            this.direction = new double[u.length];
        }

        /// `S·u`.
        double[] scaledSolution() {
            double[] out = new double[u.length];
            for (int i = 0; i < out.length; i++) {
                out[i] = scale[i] * u[i];
            }
            return out;
        }

        private boolean converged() {
            return 0.5 * squared <= target;
        }

        /// `r ← b − u − S·K·S·u`, and the first direction.
        private void start(double[] product, int offset) {
            squared = 0;
            for (int i = 0; i < u.length; i++) {
                residual[i] -= u[i] + scale[i] * product[offset + i];
                direction[i] = residual[i];
                squared += residual[i] * residual[i];
            }
        }

        private void step(double[] product, int offset) {
            double curvature = 0;
            for (int i = 0; i < u.length; i++) {
                curvature += direction[i] * (direction[i] + scale[i] * product[offset + i]);
            }
            double length = squared / curvature;
            double next = 0;
            for (int i = 0; i < u.length; i++) {
                u[i] += length * direction[i];
                residual[i] -= length * (direction[i] + scale[i] * product[offset + i]);
                next += residual[i] * residual[i];
            }
            double ratio = next / squared;
            for (int i = 0; i < u.length; i++) {
                direction[i] = residual[i] + ratio * direction[i];
            }
            squared = next;
        }
    }

    /// Solves the systems, each until its target is met or `maxIterations` are made; their right sides are used up.
    static void solve(Gram gram, LinearSystem[] systems, int maxIterations) {
        int n = gram.size();
        DMatrixRMaj scaled = new DMatrixRMaj(systems.length, n);
        DMatrixRMaj product = new DMatrixRMaj(systems.length, n);
        LinearSystem[] active = systems;
        for (int iteration = 0; iteration <= maxIterations && active.length > 0; iteration++) {
            boolean first = iteration == 0;
            LinearSystem[] now = active;
            scaled.reshape(now.length, n);
            IntStream.range(0, now.length).parallel().forEach(p -> {
                double[] vector = first ? now[p].u : now[p].direction;
                for (int i = 0; i < n; i++) {
                    scaled.data[p * n + i] = now[p].scale[i] * vector[i];
                }
            });
            gram.multiply(scaled, product);
            IntStream.range(0, now.length).parallel().forEach(p -> {
                if (first) {
                    now[p].start(product.data, p * n);
                } else {
                    now[p].step(product.data, p * n);
                }
            });
            active = Arrays.stream(now).filter(s -> !s.converged()).toArray(LinearSystem[]::new);
        }
    }
}
