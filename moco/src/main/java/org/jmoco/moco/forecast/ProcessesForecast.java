package org.jmoco.moco.forecast;

import java.util.List;
import java.util.Locale;
import org.jmoco.moco.algorithm.Moco;
import org.jmoco.moco.algorithm.Pixels;
import org.jmoco.moco.config.MocoConfig;

/// What a step takes on several machines like this one, by a model of what they send each other:
///
/// - each process computes its share of the ranks, and moves all parameters, as a process alone does that has no
///   other ranks
/// - gradients: a round's to the owners of slices while the next round is computed, the last round's and the
///   sum in the open
/// - key views, `(N − 1)/N` of a process's, and keys
/// - 20 µs for each of `2·(N − 1)` messages
///
/// A network of B Gb/s carries `0.94·B`.
///
/// @param processes N
/// @param gigabits  B, of each machine's network
/// @param compute   seconds of a step in which a process computes
/// @param exchange  seconds of a step in which it stands still for the network
public record ProcessesForecast(int processes, double gigabits, double compute, double exchange) {
    /// What is left of a network's bits a second by the frames of Ethernet, IP and TCP.
    public static final double CARRIED = 0.94;

    private static final double MESSAGE_SECONDS = 20e-6;

    /// The part of a process's computation in which gradients are computed: a forward pass of two, and all of
    /// the backward pass.
    private static final double GRADIENTS_SHARE = 0.75;

    /// @param config       of the whole run   @param processes must divide its ranks
    /// @param shareSeconds a step of [one process's share][MocoConfig#share], computed alone
    public static ProcessesForecast of(
            MocoConfig config, Pixels pixels, double shareSeconds, int processes, double gigabits) {
        Moco moco = Moco.outline(config, pixels);
        long floats = moco.query().namedParameters().values().stream()
                .mapToLong(v -> v.shape().size())
                .sum();
        long viewBytes =
                3L * pixels.height() * pixels.width() * (config.contrast().symmetric() ? 2 : 1);
        long keyBytes =
                (long) config.model().dim() * Float.BYTES * (config.contrast().symmetric() ? 2 : 1);
        MocoConfig share = config.share(processes);
        return of(
                new Traffic(
                        (double) floats * Float.BYTES,
                        (double) viewBytes * config.batch(),
                        (double) keyBytes * config.batch(),
                        share.ranks() / share.ranksAtOnce(),
                        share.ranksAtOnce()),
                shareSeconds,
                processes,
                gigabits);
    }

    /// What is sent in a step.
    ///
    /// @param gradients bytes of one rank's   @param views, keys bytes of the whole batch's
    /// @param rounds    in which a process computes its ranks   @param atOnce of them in a round
    record Traffic(double gradients, double views, double keys, int rounds, int atOnce) {}

    static ProcessesForecast of(Traffic sent, double compute, int processes, double gigabits) {
        double bytesPerSecond = CARRIED * gigabits * 1e9 / Byte.SIZE;
        double others = (processes - 1.0) / processes;
        double round = sent.atOnce() * sent.gradients() * others / bytesPerSecond;
        double open = Math.max(0, round - GRADIENTS_SHARE * compute / sent.rounds());
        double exchange = round
                + (sent.rounds() - 1) * open
                + sent.gradients() * others / bytesPerSecond
                + sent.views() / processes * others / bytesPerSecond
                + sent.keys() * others / bytesPerSecond
                + 2 * (processes - 1) * MESSAGE_SECONDS;
        return new ProcessesForecast(processes, gigabits, compute, exchange);
    }

    /// Seconds a step.
    public double step() {
        return compute + exchange;
    }

    /// The part of the machines' time that is work, in `[0, 1]`.
    public double efficiency() {
        return compute / step();
    }

    /// For people.
    public List<String> lines() {
        return List.of(String.format(
                Locale.ROOT,
                "on %d machines like this one, %s Gb/s between them, by a model: a step takes %.0f ms, of which %.0f are "
                        + "computed and %.0f waited for the network; efficiency %.0f %%",
                processes,
                gigabits == Math.rint(gigabits) ? Long.toString((long) gigabits) : Double.toString(gigabits),
                1000 * step(),
                1000 * compute,
                1000 * exchange,
                100 * efficiency()));
    }
}
