package org.jmoco.moco.algorithm;

import java.lang.foreign.MemorySegment;

/// What is contrasted with what in a step, and the order of the keys.
///
/// @param number      0, and with the symmetric loss 1
/// @param permutation slot j of the key encoder's batch holds view `permutation[j]`
/// @param unshuffle   its inverse
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
record Pass(int number, MemorySegment queries, MemorySegment keys, int[] permutation, int[] unshuffle) {
    Pass(int number, MemorySegment queries, MemorySegment keys, int... permutation) {
        this(number, queries, keys, permutation, Shuffle.inverse(permutation));
    }

    /// The name of an input in this pass.
    String label(String name) {
        return StepPrograms.label(name, number);
    }
}
