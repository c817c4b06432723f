package org.jmoco.bench;

import java.util.List;

/// One of the two that are compared, ready to work. It lives in a process of its own.
interface Side {
    /// What the first run of a row gives: the results that both sides must agree on, in as many parts as the
    /// benchmark has [tolerances][Benchmark#tolerances]. Called before [#run], and again, of a benchmark with
    /// several rows, whenever it is that row's turn.
    List<float[]> check(int row);

    /// Does the work of a row once.
    void run(int row);

    /// What else it has noticed, for a line of the report; empty if nothing.
    default String remark() {
        return "";
    }
}
