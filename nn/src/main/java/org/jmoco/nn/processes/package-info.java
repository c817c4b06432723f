/// Several JVMs that compute one run together, on one machine or many.
///
/// Reading order: [Processes][org.jmoco.nn.processes.Processes] (what they can do together),
/// [Slices][org.jmoco.nn.processes.Slices] (which part of some memory is whose),
/// [OrderedSum][org.jmoco.nn.processes.OrderedSum] (the sum of gradients, the same bits on any number of processes),
/// [Alone][org.jmoco.nn.processes.Alone] (a program that nobody started more than once),
/// [Agreement][org.jmoco.nn.processes.Agreement] (whether all of them run the same thing). The package `mpi` has the
/// implementation over MPI.
///
/// Nothing here knows of tensors or networks: this package and `mpi` use the JDK alone.
package org.jmoco.nn.processes;
