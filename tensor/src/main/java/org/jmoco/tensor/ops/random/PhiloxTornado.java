package org.jmoco.tensor.ops.random;

import uk.ac.manchester.tornado.api.types.arrays.IntArray;
/// The random words of [RandomBlocks] on a device.

final class PhiloxTornado {
    private PhiloxTornado() {}

    /// The upper 24 bits of word `element` of a stream.
    ///
    /// @param state where seed and step lie in `ints`
    static int bits(IntArray ints, int state, int stream, int element) {
        int c0 = element >> 2;
        int c1 = stream;
        int c2 = ints.get(state + 2);
        int c3 = ints.get(state + 3);
        int k0 = ints.get(state);
        int k1 = ints.get(state + 1);
        for (int round = 0; round < 10; round++) {
            long p0 = 0xD2511F53L * ((long) c0 & 0xFFFFFFFFL);
            long p1 = 0xCD9E8D57L * ((long) c2 & 0xFFFFFFFFL);
            c0 = (int) (p1 >>> 32) ^ c1 ^ k0;
            c1 = (int) p1;
            c2 = (int) (p0 >>> 32) ^ c3 ^ k1;
            c3 = (int) p0;
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }
        int lane = element & 3;
        int low = lane == 0 ? c0 : c1;
        int high = lane == 2 ? c2 : c3;
        return ((lane < 2 ? low : high) >> 8) & 0xFFFFFF; // TornadoVM shifts ints with their sign
    }
}
