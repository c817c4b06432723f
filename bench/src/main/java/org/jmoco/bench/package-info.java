/// Benchmarks against peers, started by `bench/run NAME`.
///
/// Reading order: [org.jmoco.bench.Benchmark] (what is measured), [org.jmoco.bench.Side] (one of the two that are
/// compared), [org.jmoco.bench.Bench] (the command: starts a process a side, lets them take turns, prints),
/// [org.jmoco.bench.SideMain] (what runs in such a process).
package org.jmoco.bench;
