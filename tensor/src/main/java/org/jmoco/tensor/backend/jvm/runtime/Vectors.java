package org.jmoco.tensor.backend.jvm.runtime;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// The vectors of every kernel: the machine's preferred width (AVX2, AVX-512, NEON). Not to be touched where
/// [VectorSupport#usesVectorApi] says no.
public final class Vectors {
    public static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    /// Floats a vector.
    public static final int WIDTH = SPECIES.length();

    private Vectors() {}
}
