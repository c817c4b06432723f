package org.jmoco.tensor.backend.tornado;

/// The threads of one launch: work-groups of `localX × localY` threads, `groupsX × groupsY × groupsZ` of them.
///
/// @param free whether the kernel takes work-groups of any size, so that the device's [Profile] chooses it
public record Grid(int groupsX, int groupsY, int groupsZ, int localX, int localY, boolean free) {
    /// Threads of a group in one-dimensional launches; reductions are written for exactly this many.
    public static final int GROUP = 256;

    /// Groups along y and z that every device takes.
    static final int MOST = 65_535;

    public Grid {
        if (groupsX < 1 || groupsY < 1 || groupsZ < 1 || groupsY > MOST || groupsZ > MOST) {
            throw new IllegalArgumentException(
                    "a launch needs 1 to " + MOST + " groups along y and z, and at least 1 along x; got " + groupsX
                            + ", " + groupsY + ", " + groupsZ);
        }
    }

    /// Work-groups of just this size.
    public Grid(int groupsX, int groupsY, int groupsZ, int localX, int localY) {
        this(groupsX, groupsY, groupsZ, localX, localY, false);
    }

    /// At least `n` threads in a row, each on its own; the kernel compares its id with n.
    public static Grid threads(long n) {
        return new Grid(Math.max(1, Math.toIntExact(Math.ceilDiv(n, GROUP))), 1, 1, GROUP, 1, true);
    }

    /// As many threads or a few more, in work-groups of this size, if the kernel leaves the choice.
    Grid inGroupsOf(int threads) {
        return free
                ? new Grid(Math.ceilDiv(Math.multiplyExact(groupsX, localX), threads), 1, 1, threads, 1, true)
                : this;
    }

    /// `n` groups of [#GROUP] threads.
    public static Grid groups(int n) {
        return new Grid(Math.max(1, n), 1, 1, GROUP, 1);
    }

    /// Tiles of `tileRows × tileColumns` over a matrix, computed by 16 × 16 threads each; x runs along a row.
    public static Grid tiles(long rows, long columns, int tileRows, int tileColumns, int depth) {
        return new Grid(
                Math.toIntExact((columns + tileColumns - 1) / tileColumns),
                Math.toIntExact((rows + tileRows - 1) / tileRows),
                depth,
                16,
                16);
    }
}
