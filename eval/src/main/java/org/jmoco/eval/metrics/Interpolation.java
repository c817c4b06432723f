package org.jmoco.eval.metrics;

import java.util.Arrays;

/// How a curve of precision over recall becomes one number. Precision at a recall is the highest precision at
/// this recall or a higher one.
public enum Interpolation {
    /// Mean of the precision at the recalls 0, 0.01, …, 1 (COCO).
    POINTS_101(101) {
        @Override
        double average(Curve curve) {
            return Arrays.stream(atHundredths(curve)).average().orElseThrow();
        }

        /// COCO's code adds the smallest step above 1, against a division by 0.
        @Override
        double precision(double hits, double all) {
            return hits / (all + Math.ulp(1.0));
        }
    },
    /// Mean of the precision at the recalls 0, 0.1, …, 1 (PASCAL VOC until 2007). A recall is reached if it is
    /// at least k·0.1 in float64: for 3, 6 and 7 tenths that is a little more than the number, so 3 of 10
    /// objects do not reach the third, as in the published code.
    POINTS_11(11) {
        @Override
        double average(Curve curve) {
            double sum = 0;
            for (int k = 0; k <= 10; k++) {
                int at = curve.reaching(k * 0.1, 0);
                sum += at < curve.size ? curve.precision[at] : 0;
            }
            return sum / 11;
        }
    },
    /// The area under the curve, a step at every object that is found (PASCAL VOC from 2010).
    AREA(0) {
        @Override
        double average(Curve curve) {
            double sum = 0;
            double before = 0;
            for (int k = 0; k < curve.size; k++) {
                double recall = curve.hits[k] / curve.objects;
                sum += (recall - before) * curve.precision[k];
                before = recall;
            }
            return sum;
        }
    };

    private static final int HUNDREDTHS = 101;

    private final int points;

    Interpolation(int points) {
        this.points = points;
    }

    /// A curve at the detections that found an object.
    static final class Curve {
        final double[] hits;
        final double[] precision;
        final double objects;
        final int size;

        /// @param hits `[size]`, objects found so far, rising   @param precision `[size]`, becomes the highest
        ///     from there on
        Curve(double[] hits, double[] precision, int size, double objects) {
            this.hits = hits;
            this.precision = precision;
            this.size = size;
            this.objects = objects;
            for (int k = size - 1; k > 0; k--) {
                precision[k - 1] = Math.max(precision[k - 1], precision[k]);
            }
        }

        /// The first place from `from` on with this recall, `size` if none has it.
        int reaching(double recall, int from) {
            int k = from;
            while (k < size && hits[k] / objects < recall) {
                k++;
            }
            return k;
        }
    }

    /// How many recalls are looked at: what stands for the interpolation in files; 0 for all of them.
    public int points() {
        return points;
    }

    abstract double average(Curve curve);

    /// @param hits objects found   @param all detections that count, at least 1
    double precision(double hits, double all) {
        return hits / all;
    }

    /// The precision at the recalls 0, 0.01, …, 1.
    static double[] atHundredths(Curve curve) {
        double[] precision = new double[HUNDREDTHS];
        int at = 0;
        for (int r = 0; r < HUNDREDTHS; r++) {
            at = curve.reaching(r * 0.01, at);
            precision[r] = at < curve.size ? curve.precision[at] : 0;
        }
        return precision;
    }
}
