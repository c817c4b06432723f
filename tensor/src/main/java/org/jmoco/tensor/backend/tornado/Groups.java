package org.jmoco.tensor.backend.tornado;

import uk.ac.manchester.tornado.api.KernelContext;

/// Reductions over the [Grid#GROUP] threads of a work-group, as a tree of fixed shape: the same bits on every run.
///
/// Local memory must be allocated in the method that uses it: TornadoVM addresses a local array that is passed to
/// a method as if it were a Java array with its header.
public final class Groups {
    private Groups() {}

    /// The sum of `value` over the group, in every thread.
    public static float sum(KernelContext c, float value) {
        float[] buffer = c.allocateFloatLocalArray(256);
        int t = c.localIdx;
        buffer[t] = value;
        for (int half = 128; half > 0; half = half >> 1) {
            c.localBarrier();
            if (t < half) {
                buffer[t] = buffer[t] + buffer[t + half];
            }
        }
        c.localBarrier();
        return buffer[0];
    }

    /// The largest `value` of the group, in every thread.
    public static float largest(KernelContext c, float value) {
        float[] buffer = c.allocateFloatLocalArray(256);
        int t = c.localIdx;
        buffer[t] = value;
        for (int half = 128; half > 0; half = half >> 1) {
            c.localBarrier();
            if (t < half) {
                float other = buffer[t + half];
                if (other > buffer[t]) {
                    buffer[t] = other;
                }
            }
        }
        c.localBarrier();
        return buffer[0];
    }
}
