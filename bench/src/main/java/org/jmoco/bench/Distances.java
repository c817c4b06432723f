package org.jmoco.bench;

import java.util.List;
import java.util.stream.DoubleStream;

/// How far two approximations of the same values are from float64.
///
/// @param ours relative L2 norm of the difference, ours in float32
/// @param peer the same of LibTorch in float32
record Distances(double ours, double peer) {
    /// Ours may be at most this many times LibTorch's.
    static final double ALLOWED = 3;

    /// One unit in the last place of a float: where LibTorch is right to the last bit by luck, one rounding more
    /// is no fault.
    static final double ROUNDING = 0x1p-23;

    static Distances of(double[] exact, double[] ours, double[] peer) {
        return Errors.of(exact, ours, peer).distances();
    }

    /// The same of one approximation.
    static double of(double[] exact, double[] approximate) {
        return of(exact, approximate, approximate).ours;
    }

    /// The larger of both.
    Distances worse(Distances other) {
        return new Distances(Math.max(ours, other.ours), Math.max(peer, other.peer));
    }

    /// The medians of both over several measurements, of an even number the upper ones.
    static Distances medians(List<Distances> all) {
        return quantiles(all, 0.5);
    }

    /// Of each what the share `q` of the measurements does not exceed.
    static Distances quantiles(List<Distances> all, double q) {
        return new Distances(
                quantile(all.stream().mapToDouble(Distances::ours), q),
                quantile(all.stream().mapToDouble(Distances::peer), q));
    }

    private static double quantile(DoubleStream values, double q) {
        double[] sorted = values.sorted().toArray();
        return sorted[(int) (q * sorted.length)];
    }

    /// Ours as a multiple of what LibTorch needs.
    ///
    /// @param floor a distance that is allowed in any case, see [#ROUNDING]
    double ratio(double floor) {
        return ours == 0 ? 0 : ours / Math.max(peer, floor / ALLOWED);
    }

    /// Squared errors, which add up over several draws of the same case: one number of one draw can be near by luck.
    ///
    /// @param ours  of ours, summed over the elements
    /// @param peer  of LibTorch's float32
    /// @param exact the squares of the values themselves
    record Errors(double ours, double peer, double exact) {
        private static final double NOTHING = 1e-24;

        static Errors of(double[] exact, double[] ours, double[] peer) {
            double norm = 0;
            for (double x : exact) {
                norm += x * x;
            }
            return new Errors(squares(exact, ours), squares(exact, peer), norm);
        }

        Errors plus(Errors other) {
            return new Errors(ours + other.ours, peer + other.peer, exact + other.exact);
        }

        /// Relative, or absolute where the values are nothing but rounding errors of float64 themselves.
        Distances distances() {
            double scale = exact > NOTHING ? exact : 1;
            return new Distances(Math.sqrt(ours / scale), Math.sqrt(peer / scale));
        }

        private static double squares(double[] exact, double... approximate) {
            if (exact.length != approximate.length) {
                throw new IllegalStateException("compared " + exact.length + " values with " + approximate.length);
            }
            double sum = 0;
            for (int i = 0; i < exact.length; i++) {
                sum += (approximate[i] - exact[i]) * (approximate[i] - exact[i]);
            }
            return sum;
        }
    }
}
