package org.jmoco.moco.algorithm;

import org.jmoco.moco.config.ConfigException;
import org.jmoco.nn.processes.Processes;

/// How the parts of a batch lie on processes: in turns. Part `q` belongs to process `q mod P`, so that the
/// parts which the processes compute in one round are neighbours, and follow those of the round before:
/// gradients that are added round by round come in the order of ranks.
///
/// @param ranks   of the whole batch   @param count processes   @param number of this process
record Turns(Ranks ranks, int count, int number) {
    /// As many ranks at once as configured, or fewer: as many as every process can have in each of its rounds.
    ///
    /// @throws ConfigException if the ranks cannot be shared out evenly
    static Turns of(Ranks configured, Processes processes) {
        int each = requireEven(configured.count(), processes.count());
        int atOnce = Math.min(configured.atOnce(), each);
        while (each % atOnce != 0) {
            atOnce--;
        }
        return new Turns(
                new Ranks(configured.batch(), configured.count(), atOnce, configured.splits()),
                processes.count(),
                processes.number());
    }

    /// Ranks that each process has.
    ///
    /// @throws ConfigException if it is not a whole number
    static int requireEven(int ranks, int processes) {
        if (ranks % processes != 0) {
            throw new ConfigException("ranks: " + ranks + " cannot be shared out to " + processes
                    + " processes, each of which needs as many as the others; start a number of processes that "
                    + "divides the ranks, or set ranks=" + processes);
        }
        return ranks / processes;
    }

    int rounds() {
        return ranks.parts() / count;
    }

    /// The part that a process computes in a round.
    int part(int round, int process) {
        return round * count + process;
    }

    int ownPart(int round) {
        return part(round, number);
    }

    /// The first sample, or slot of the shuffled order, that a process has in a round.
    int first(int round, int process) {
        return part(round, process) * ranks.partSize();
    }

    /// The process that has a sample of the batch.
    int owner(int sample) {
        return sample / ranks.partSize() % count;
    }
}
