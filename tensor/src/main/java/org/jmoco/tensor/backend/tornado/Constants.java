package org.jmoco.tensor.backend.tornado;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Floats that kernels read as attributes, at the beginning of `mem`, each once.
final class Constants {
    /// How many there is room for.
    static final int CAPACITY = 4_096;

    private final Map<Integer, Integer> offsets = new HashMap<>(); // bits to offset
    private final List<Float> values = new ArrayList<>();
    private int uploaded;

    /// Where a value lies, or will lie before the next launch.
    int offset(float value) {
        return offsets.computeIfAbsent(Float.floatToRawIntBits(value), bits -> {
            if (values.size() == CAPACITY) {
                throw new IllegalStateException("more than " + CAPACITY + " different float attributes on one device");
            }
            values.add(value);
            return values.size() - 1;
        });
    }

    /// Sends those that are not on the device yet.
    void upload(Launcher launcher) {
        if (uploaded < values.size()) {
            float[] fresh = new float[values.size() - uploaded];
            for (int i = 0; i < fresh.length; i++) {
                fresh[i] = values.get(uploaded + i);
            }
            int at = uploaded;
            uploaded = values.size();
            launcher.staging().upload(fresh, at);
        }
    }

    /// All of them, by offset.
    List<Float> values() {
        return List.copyOf(values);
    }

    /// The device has lost them all.
    void forget() {
        uploaded = 0;
    }
}
