package org.jmoco.tensor.random;

/// Philox4x32-10, the counter-based generator of Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (SC
/// 2011).
///
/// Four 32-bit words of output are a pure function of a 64-bit key and a 128-bit counter. A stream is a key with
/// the upper three counter words fixed; the lowest word counts the stream's blocks. So the numbers of one image,
/// one epoch or one tensor depend on their own coordinates only, not on threads, order of work or a resume:
///
/// ```java
/// Philox draws = new Philox(seed, imageIndex, epoch, view);
/// double area = draws.uniform(0.2, 1.0);
/// ```
///
/// An instance is a cursor over one stream and belongs to one thread. Kernels that want the numbers of a given
/// position use [#block] directly. All results are the same bits on every JVM: integer arithmetic, exact scaling
/// and `StrictMath` only.
public final class Philox {
    private static final long MULTIPLIER_0 = 0xD2511F53L;
    private static final long MULTIPLIER_1 = 0xCD9E8D57L;
    private static final int WEYL_0 = 0x9E3779B9;
    private static final int WEYL_1 = 0xBB67AE85;
    private static final int ROUNDS = 10;

    private final long key;
    private final int word1;
    private final int word2;
    private final int word3;
    private final int[] block = new int[4];
    private long position;

    /// A stream at its start.
    ///
    /// @param key the seed
    /// @param word1 second-lowest counter word
    /// @param word2 third counter word
    /// @param word3 highest counter word
    public Philox(long key, int word1, int word2, int word3) {
        this.key = key;
        this.word1 = word1;
        this.word2 = word2;
        this.word3 = word3;
    }

    /// The ten rounds: writes the four words of one block to `out[at … at+3]`.
    ///
    /// @param key low word first, as the reference's key[0], key[1]
    public static void block(long key, int counter0, int counter1, int counter2, int counter3, int[] out, int at) {
        int c0 = counter0;
        int c1 = counter1;
        int c2 = counter2;
        int c3 = counter3;
        int k0 = (int) key;
        int k1 = (int) (key >>> 32);
        for (int round = 0; round < ROUNDS; round++) {
            long p0 = MULTIPLIER_0 * (c0 & 0xFFFFFFFFL);
            long p1 = MULTIPLIER_1 * (c2 & 0xFFFFFFFFL);
            c0 = (int) (p1 >>> 32) ^ c1 ^ k0;
            c1 = (int) p1;
            c2 = (int) (p0 >>> 32) ^ c3 ^ k1;
            c3 = (int) p0;
            k0 += WEYL_0;
            k1 += WEYL_1;
        }
        out[at] = c0;
        out[at + 1] = c1;
        out[at + 2] = c2;
        out[at + 3] = c3;
    }

    /// The next 32 random bits.
    ///
    /// @throws IllegalStateException after 2³⁴ words, where the stream ends
    public int nextInt() {
        int lane = (int) (position & 3);
        if (lane == 0) {
            if (position >>> 34 != 0) {
                throw new IllegalStateException("Philox: the stream's 2^34 words are used up");
            }
            block(key, (int) (position >>> 2), word1, word2, word3, block, 0);
        }
        position++;
        return block[lane];
    }

    /// The next 64 random bits: two words, the first one low.
    public long nextLong() {
        long low = nextInt() & 0xFFFFFFFFL;
        return (long) nextInt() << 32 | low;
    }

    /// Uniform in `[0, 1)`, a multiple of 2⁻²⁴; takes one word.
    public float nextFloat() {
        return toFloat(nextInt());
    }

    /// Uniform in `[0, 1)`, a multiple of 2⁻⁵³; takes two words.
    public double nextDouble() {
        return (nextLong() >>> 11) * 0x1p-53;
    }

    /// Uniform in `[low, high]` (the upper end only by rounding).
    public double uniform(double low, double high) {
        return low + (high - low) * nextDouble();
    }

    /// Uniform in `0 … bound−1` without bias: Lemire, "Fast random integer generation in an interval" (2019).
    ///
    /// @throws IllegalArgumentException if `bound` is below 1
    public int below(int bound) {
        if (bound < 1) {
            throw new IllegalArgumentException("Philox.below: the bound must be at least 1, got " + bound);
        }
        long product = (nextInt() & 0xFFFFFFFFL) * bound;
        if ((product & 0xFFFFFFFFL) < bound) {
            long reject = (1L << 32) % bound;
            while ((product & 0xFFFFFFFFL) < reject) {
                product = (nextInt() & 0xFFFFFFFFL) * bound;
            }
        }
        return (int) (product >>> 32);
    }

    /// Standard normal by the cosine half of Box and Muller (1958); takes four words, so draws stay aligned to blocks.
    public double nextNormal() {
        double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - nextDouble()));
        return radius * StrictMath.cos(2 * StrictMath.PI * nextDouble());
    }

    /// A uniformly random order of `0 … n−1` (Fisher and Yates).
    public int[] permutation(int n) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            int j = below(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    /// One word as a float in `[0, 1)`: its upper 24 bits.
    public static float toFloat(int word) {
        return (word >>> 8) * 0x1p-24f;
    }
}
