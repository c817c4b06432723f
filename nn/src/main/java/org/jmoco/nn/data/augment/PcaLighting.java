package org.jmoco.nn.data.augment;

import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.image.RgbImage;
import org.jmoco.tensor.random.Philox;

/// AlexNet's colour augmentation (Krizhevsky et al. 2012, §4.1): a random multiple of the principal components of
/// ImageNet's colours.
///
/// It acts on floats in 0 … 1, after the bytes: so it leaves the image alone, and [#offset] draws what is to be
/// added to every pixel where it is normalised, `x = (v/255 + offset − mean)/std`. It must be a pipeline's last
/// transform.
///
/// @param std standard deviation of the multiples, 0.1 in the paper
public record PcaLighting(double std) implements Transform {
    private static final double[] EIGENVALUES = {0.2175, 0.0188, 0.0045};
    private static final double[][] EIGENVECTORS = {
        {-0.5675, 0.7192, 0.4009}, {-0.5808, -0.0045, -0.8140}, {-0.5836, -0.6948, 0.4203}
    };

    public PcaLighting {
        if (!(std >= 0 && std <= 10)) {
            throw new DataException("PcaLighting: std must be between 0 and 10, got " + std);
        }
    }

    @Override
    public RgbImage apply(RgbImage image, Philox draws) {
        return image;
    }

    /// Red, green and blue to add: `rgb_i = Σ_j eigenvector_ij·α_j·eigenvalue_j`, α ~ N(0, std).
    public float[] offset(Philox draws) {
        double[] alpha = {std * draws.nextNormal(), std * draws.nextNormal(), std * draws.nextNormal()};
        return offset(alpha);
    }

    static float[] offset(double[] alpha) {
        float[] rgb = new float[3];
        for (int i = 0; i < 3; i++) {
            double sum = 0;
            for (int j = 0; j < 3; j++) {
                sum += EIGENVECTORS[i][j] * alpha[j] * EIGENVALUES[j];
            }
            rgb[i] = (float) sum;
        }
        return rgb;
    }
}
