package org.jmoco.eval.svm;

import java.util.stream.IntStream;

/// Where the Newton iteration of one problem stands; formulas and names are those of [SquaredHingeSolver].
final class Iterate {

    /// A Newton system is solved until its error is this share of the duality gap: the next set `S` will be
    /// another one anyway.
    private static final double INEXACTNESS = 0.05;

    /// The last Newton system is solved to this share of the gap that is allowed.
    private static final double MARGIN = 0.25;

    private static final double SHORTEST_STEP = 1e-6;

    /// Relative rounding error of an objective.
    private static final double ROUNDING = 1e-13;

    private final double[] y;
    private final double[] d;
    private final double tolerance;
    private double[] beta;
    private double[] f;
    private double objective;
    private double gap;
    private double precision = 1;
    private boolean solved;

    /// Starts at the solution for another cost, scaled in proportion to the costs where that is better, as it is
    /// while all rows are inside the margin.
    Iterate(BinaryProblem problem, double cost, SvmSolution start, double tolerance) {
        this.tolerance = tolerance;
        y = problem.y();
        d = new double[y.length];
        for (int i = 0; i < d.length; i++) {
            d[i] = 2 * cost * problem.weight()[i];
        }
        place(start.beta(), start.decision());
        if (start.cost() > 0) {
            double[] scaledBeta = scaled(start.beta(), cost / start.cost());
            double[] scaledF = scaled(start.decision(), cost / start.cost());
            if (objective(scaledBeta, scaledF) < objective) {
                place(scaledBeta, scaledF);
            }
        }
    }

    /// The set `S`: trained rows with `y·f < 1`, ascending.
    int[] insideMargin() {
        return IntStream.range(0, y.length)
                .filter(i -> d[i] > 0 && y[i] * f[i] < 1)
                .toArray();
    }

    /// The Newton system on `S = rows`, as one of `rows.length` unknowns.
    ConjugateGradients.LinearSystem compactSystem(int[] rows) {
        int m = rows.length;
        double[] scale = new double[m];
        double[] right = new double[m];
        double[] u = new double[m];
        for (int k = 0; k < m; k++) {
            int i = rows[k];
            scale[k] = Math.sqrt(d[i]);
            right[k] = scale[k] * y[i];
            u[k] = beta[i] / scale[k];
        }
        return new ConjugateGradients.LinearSystem(scale, right, u, newtonTarget());
    }

    /// The same system over all rows: those outside `S` have scale 0 and stay 0.
    ConjugateGradients.LinearSystem wholeSystem(int[] rows) {
        double[] scale = new double[y.length];
        double[] right = new double[y.length];
        double[] u = new double[y.length];
        for (int i : rows) {
            scale[i] = Math.sqrt(d[i]);
            right[i] = scale[i] * y[i];
            u[i] = beta[i] / scale[i];
        }
        return new ConjugateGradients.LinearSystem(scale, right, u, newtonTarget());
    }

    private double newtonTarget() {
        return precision * Math.max(INEXACTNESS * gap, MARGIN * tolerance * objective);
    }

    /// Goes to the proposed point, or as much of the way (halved again and again) as is better. Nearly always the
    /// whole way; where not, the next Newton system is solved more exactly.
    void moveTowards(double[] proposedBeta, double[] proposedF) {
        for (double t = 1; t >= SHORTEST_STEP; t /= 2) {
            double[] nextBeta = between(beta, proposedBeta, t);
            double[] nextF = between(f, proposedF, t);
            if (isBetter(nextBeta, nextF)) {
                place(nextBeta, nextF);
                precision /= t == 1 ? 1 : 10;
                return;
            }
        }
        precision /= 10;
    }

    /// Whether a point has a lower objective; or the same, as far as rounding lets it be told, and a smaller gap.
    /// The latter is so when the weights are solved already but not the dual variables, of which many give the
    /// same weights where there are more rows than columns.
    private boolean isBetter(double[] nextBeta, double[] nextF) {
        double next = objective(nextBeta, nextF);
        return next < objective || (next <= objective * (1 + ROUNDING) && gap(nextBeta, nextF) < gap);
    }

    /// `β` without the rows whose dual variable is negative, `y·β < 0`: a feasible dual point. Next to none are
    /// at a solution.
    double[] feasibleBeta() {
        double[] feasible = new double[y.length];
        for (int i = 0; i < y.length; i++) {
            feasible[i] = y[i] * beta[i] > 0 ? beta[i] : 0;
        }
        return feasible;
    }

    /// Takes the duality gap to the feasible dual point, and notes whether it is small enough.
    ///
    /// @param feasible as given by [#feasibleBeta] @param decision `K·feasible`
    void judge(double[] feasible, double[] decision) {
        double dual = 0;
        for (int i = 0; i < y.length; i++) {
            double b = feasible[i];
            dual += b == 0 ? 0 : b * (y[i] - 0.5 * decision[i] - 0.5 * b / d[i]);
        }
        double certain = objective - dual;
        if (certain <= tolerance * objective) {
            gap = Math.max(0, certain); // below 0 only by rounding
            solved = true;
        } else {
            precision /= 10;
        }
    }

    /// Moves to `beta` with decision values `f = K·beta`.
    private void place(double[] beta, double[] f) {
        this.beta = beta;
        this.f = f;
        objective = objective(beta, f);
        gap = gap(beta, f);
    }

    /// Whether the duality gap seems small enough; [#judge] makes sure.
    boolean nearlySolved() {
        return gap <= tolerance * objective;
    }

    boolean solved() {
        return solved;
    }

    double relativeGap() {
        return gap / objective;
    }

    SvmSolution solution(double cost) {
        return new SvmSolution(cost, beta, f, objective, gap);
    }

    private double objective(double[] beta, double[] f) {
        double norm = 0;
        double loss = 0;
        for (int i = 0; i < y.length; i++) {
            double h = Math.max(0, 1 - y[i] * f[i]);
            norm += beta[i] * f[i];
            loss += d[i] * h * h;
        }
        return 0.5 * (norm + loss);
    }

    /// The duality gap; where a dual variable is negative, an estimate from its absolute value.
    private double gap(double[] beta, double[] f) {
        double sum = 0;
        for (int i = 0; i < y.length; i++) {
            if (d[i] > 0) {
                double slack = 1 - y[i] * f[i];
                double h = Math.max(0, slack);
                double alpha = y[i] * beta[i];
                double miss = h - alpha / d[i];
                sum += 0.5 * d[i] * miss * miss + Math.abs(alpha * (h - slack));
            }
        }
        return sum;
    }

    private static double[] scaled(double[] v, double factor) {
        double[] out = new double[v.length];
        for (int i = 0; i < v.length; i++) {
            out[i] = factor * v[i];
        }
        return out;
    }

    private static double[] between(double[] from, double[] to, double t) {
        if (t == 1) {
            return to;
        }
        double[] out = new double[from.length];
        for (int i = 0; i < from.length; i++) {
            out[i] = from[i] + t * (to[i] - from[i]);
        }
        return out;
    }
}
