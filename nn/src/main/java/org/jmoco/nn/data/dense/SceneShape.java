package org.jmoco.nn.data.dense;

import org.jmoco.tensor.random.Philox;

/// A closed shape in a square: the pixels whose centres lie in it. The formula is the mask, so masks are exact.
@FunctionalInterface
interface SceneShape {
    /// Whether a point is inside.
    ///
    /// @param u,v in the square `[−1, 1]²`
    boolean contains(double u, double v);

    /// An ellipse, a rounded square or a wavy blob, each equally likely.
    static SceneShape draw(Philox draws) {
        return switch (draws.below(3)) {
            case 0 -> ellipse(draws.uniform(0.7, 1), draws.uniform(0, StrictMath.PI));
            case 1 -> roundedSquare(draws.uniform(0.2, 0.6));
            default -> blob(draws.uniform(0.08, 0.22), 3 + draws.below(3), draws.uniform(0, 2 * StrictMath.PI));
        };
    }

    /// An ellipse with one half axis of 1.
    ///
    /// @param other the other half axis   @param angle of the first, in radians
    static SceneShape ellipse(double other, double angle) {
        double cos = StrictMath.cos(angle);
        double sin = StrictMath.sin(angle);
        return (u, v) -> {
            double along = u * cos + v * sin;
            double across = (v * cos - u * sin) / other;
            return along * along + across * across <= 1;
        };
    }

    /// A square of half side 0.95 with round corners.
    ///
    /// @param radius of the corners
    static SceneShape roundedSquare(double radius) {
        double inner = 0.95 - radius;
        return (u, v) -> {
            double x = Math.max(Math.abs(u) - inner, 0);
            double y = Math.max(Math.abs(v) - inner, 0);
            return x * x + y * y <= radius * radius;
        };
    }

    /// A disc whose radius goes up and down around it, at most 1.
    ///
    /// @param amplitude of the waves   @param waves how many   @param phase in radians
    static SceneShape blob(double amplitude, int waves, double phase) {
        return (u, v) -> {
            double wave = StrictMath.sin(waves * StrictMath.atan2(v, u) + phase);
            double radius = (1 + amplitude * wave) / (1 + amplitude);
            return u * u + v * v <= radius * radius;
        };
    }

    /// The pixels of the shape in a square of `side` pixels, `[side, side]`.
    default boolean[] pixels(int side) {
        boolean[] mask = new boolean[side * side];
        for (int i = 0; i < mask.length; i++) {
            double u = (i % side + 0.5) * 2 / side - 1;
            double v = (i / side + 0.5) * 2 / side - 1;
            mask[i] = contains(u, v);
        }
        return mask;
    }
}
