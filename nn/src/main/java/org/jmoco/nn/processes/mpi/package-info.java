/// [Processes][org.jmoco.nn.processes.Processes] over MPI, the message passing that clusters have, called through the
/// foreign function interface.
///
/// Reading order: [MpiProcesses][org.jmoco.nn.processes.mpi.MpiProcesses] (joins what a launcher has started),
/// `LauncherEnvironment` (what launchers tell their processes), `MpiLibrary` (which library, and which of three binary
/// interfaces it has), `MpiAbi` (their constants), `MpiCalls` (the functions), `MpiThread` (the one thread that calls
/// them), `Patience` (how it waits), `RollCall` (who is missing), `SignalGuard` (what the library must not take from
/// the JVM).
package org.jmoco.nn.processes.mpi;
