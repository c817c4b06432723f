package org.jmoco.tensor.ops.norm;

import java.lang.foreign.MemorySegment;

/// Where the ranks of a batch lie whose batch norm is synchronised: as many on each of several processes, those of
/// process 0 first.
///
/// Ops that hold one are equal if it is, so an implementation that is no value is one object a run.
public interface RankExchange {
    /// All ranks are in this process.
    RankExchange HERE = new Here();

    /// How many processes there are.
    int processes();

    /// Which of them this one is, from 0.
    int number();

    /// Fills `all` everywhere. Every process calls it at the same time.
    ///
    /// @param all   a row for each process, outside the Java heap; this one's own is there already
    /// @param bytes of a row
    void gather(MemorySegment all, long bytes);

    /// See [#HERE].
    record Here() implements RankExchange {
        @Override
        public int processes() {
            return 1;
        }

        @Override
        public int number() {
            return 0;
        }

        @Override
        public void gather(MemorySegment all, long bytes) {
            // nobody else has any
        }
    }
}
