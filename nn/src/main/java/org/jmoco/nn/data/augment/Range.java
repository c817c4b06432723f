package org.jmoco.nn.data.augment;

import org.jmoco.nn.data.DataException;
import org.jmoco.tensor.random.Philox;

/// The interval `[low, high]` a parameter is drawn from.
public record Range(double low, double high) {
    public Range {
        if (!(low <= high) || !Double.isFinite(low) || !Double.isFinite(high)) {
            throw new DataException("a range needs two numbers, the lower one first, got [" + low + ", " + high + "]");
        }
    }

    double uniform(Philox draws) {
        return draws.uniform(low, high);
    }

    double logUniform(Philox draws) {
        return StrictMath.exp(draws.uniform(StrictMath.log(low), StrictMath.log(high)));
    }
}
