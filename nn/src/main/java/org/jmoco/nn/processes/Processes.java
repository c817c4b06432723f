package org.jmoco.nn.processes;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/// The processes that compute a run together, seen from one of them. All run the same program and meet in the calls
/// below.
///
/// Calls that move data are **collective**: every process makes the same calls in the same order, with sizes that
/// fit, and one comes back when this process's part is done. Their memory is off-heap, and left alone by everybody
/// else until then. One thread makes them, or work that it has handed to [#inBackground]; they are carried out in the
/// order in which they were made.
///
/// A call fails with a [ProcessesException] when a process is gone or does not come within the time-out. The others
/// are waiting for this one then: whoever does not go on calls [#abort].
public interface Processes {
    /// Number of this process, 0 … count − 1. Process 0 prints and writes files.
    int number();

    /// How many there are.
    int count();

    /// The machine of each process, by number.
    List<String> hosts();

    /// The machine of this process.
    default String host() {
        return hosts().get(number());
    }

    /// What joins them, for people: the library and its version.
    String transport();

    /// Says what the calls that follow are for, so that a message about a missing process can: `step 12, gradients`.
    void phase(String what);

    /// Sends to each process its slice of `sent`, and receives from each into its slice of `received`: what process p
    /// has in `to` for q is as long as what q has in `from` for p. The two must not overlap.
    ///
    /// @param to   the slice of `sent` for each process, this one included
    /// @param from the slice of `received` for what comes from each process; rows of the same size as in `to`
    void exchange(MemorySegment sent, Slices to, MemorySegment received, Slices from);

    /// Fills `all` everywhere: before, it holds this process's slice, afterwards those of all processes.
    ///
    /// @param slices the same on every process
    void gather(MemorySegment all, Slices slices);

    /// Gives everybody the bytes that process `from` has.
    ///
    /// @param all of the same size on every process, at most 2 GiB − 1 at a time
    void broadcast(MemorySegment all, int from);

    /// Sends bytes to one other process and receives as many from it, while that one does the same. Not collective:
    /// the two are enough.
    void swap(int other, MemorySegment sent, MemorySegment received);

    /// Has some collective calls carried out while the caller goes on; within such work, at once. What fails there is
    /// thrown by [Pending#await].
    Pending inBackground(Runnable calls);

    /// Ends all processes with this exit code, at once and without saving anything. Does not come back.
    void abort(int exitCode);

    /// Leaves the others, who leave too: after the last call, in good order. Where something has failed, the way out is
    /// [#abort].
    void leave();

    /// What every process has, by number: a few bytes of any length.
    default List<byte[]> gather(byte[] mine) {
        MemorySegment lengths = Arena.ofAuto().allocate(ValueLayout.JAVA_LONG, count());
        lengths.setAtIndex(ValueLayout.JAVA_LONG, number(), mine.length);
        gather(lengths, Slices.even(count(), count(), Long.BYTES));
        Slices slices = Slices.adjacent(
                1,
                LongStream.range(0, count())
                        .map(p -> lengths.getAtIndex(ValueLayout.JAVA_LONG, p))
                        .toArray());
        MemorySegment all = Arena.ofAuto().allocate(Math.max(1, slices.extent()));
        MemorySegment.copy(mine, 0, all, ValueLayout.JAVA_BYTE, slices.startByte(number()), mine.length);
        gather(all, slices);
        List<byte[]> parts = new ArrayList<>();
        for (int p = 0; p < count(); p++) {
            parts.add(all.asSlice(slices.startByte(p), slices.bytes(p)).toArray(ValueLayout.JAVA_BYTE));
        }
        return parts;
    }

    /// Calls that are being carried out.
    interface Pending {
        /// Comes back when they are done.
        ///
        /// @throws RuntimeException what they threw
        void await();
    }
}
