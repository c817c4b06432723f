package org.jmoco.nn.processes;

import java.lang.foreign.MemorySegment;
import java.util.List;

/// One process, which has nobody to wait for.
public final class Alone implements Processes {
    private final String host;

    /// @param host name of this machine for messages
    public Alone(String host) {
        this.host = host;
    }

    @Override
    public int number() {
        return 0;
    }

    @Override
    public int count() {
        return 1;
    }

    @Override
    public List<String> hosts() {
        return List.of(host);
    }

    @Override
    public String transport() {
        return "nothing to join";
    }

    @Override
    public void phase(String what) {
        // nobody can be missing
    }

    @Override
    public void exchange(MemorySegment sent, Slices to, MemorySegment received, Slices from) {
        Checks.exchange(this, sent, to, received, from);
        MemorySegment.copy(sent, to.startByte(0), received, from.startByte(0), to.bytes(0));
    }

    @Override
    public void gather(MemorySegment all, Slices slices) {
        Checks.gather(this, all, slices);
    }

    @Override
    public void broadcast(MemorySegment all, int from) {
        Checks.broadcast(this, all, from);
    }

    @Override
    public void swap(int other, MemorySegment sent, MemorySegment received) {
        Checks.swap(this, other, sent, received);
    }

    @Override
    public Pending inBackground(Runnable calls) {
        calls.run();
        return () -> {};
    }

    @Override
    public void abort(int exitCode) {
        Runtime.getRuntime().halt(exitCode);
    }

    @Override
    public void leave() {
        // nothing is held
    }
}
