package org.jmoco.bench;

import java.nio.file.Path;
import java.util.List;

/// Something that jmoco and a peer both do, timed side by side.
interface Benchmark {
    /// One line of the result.
    ///
    /// @param group what rows of a table have in common, a convolution's shape
    /// @param name what tells them apart, or empty
    /// @param flops floating-point operations of one run, 0 if they are not worth telling
    record Row(String group, String name, double flops) {
        String title() {
            return name.isEmpty() ? group : group + " " + name;
        }
    }

    /// What is measured, for the head of the report.
    String title(Settings s);

    List<Row> rows(Settings s);

    /// Seconds that a side runs a row before it is timed, if the user says nothing.
    double warmUpSeconds();

    /// Largest relative distance (L2) between the two sides' results at which they still do the same work, for
    /// each part of what [Side#check] gives.
    List<Double> tolerances();

    /// Writes what both sides read, once, in the process that compares them.
    default void prepare(Settings s, Path folder) {}

    Side ours(Settings s);

    /// The peer on all rows.
    ///
    /// @param variant one of [#variants]
    Side peer(Settings s, String variant);

    /// The peer's name.
    default String peerName() {
        return "LibTorch";
    }

    /// Ways in which the peer can do the work. Each is measured; the fastest counts.
    default List<String> variants() {
        return List.of("contiguous", "channels-last");
    }

    /// The command of a peer that is no Java program; empty for one that is.
    default List<String> peerCommand(Settings s, String variant) {
        return List.of();
    }
}
