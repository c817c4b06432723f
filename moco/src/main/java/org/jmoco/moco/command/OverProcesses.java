package org.jmoco.moco.command;

/// A command that several processes run together when a launcher has started them, see
/// [MpiProcesses][org.jmoco.nn.processes.mpi.MpiProcesses]. Process 0 prints.
public interface OverProcesses {}
