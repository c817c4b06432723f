package org.jmoco.nn.processes.mpi;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/// A binary interface of MPI: what `mpi.h` has as constants. The functions are the same in all.
///
/// A handle (communicator, type, request) is a pointer or an int; in Java it is a long.
///
/// @param name         for messages
/// @param handle       layout of a handle
/// @param world        `MPI_COMM_WORLD`
/// @param bytes        `MPI_BYTE`
/// @param floats       `MPI_FLOAT`
/// @param sum          `MPI_SUM`
/// @param errorsReturn `MPI_ERRORS_RETURN`
/// @param inPlace      `MPI_IN_PLACE`
/// @param ignored      `MPI_STATUS_IGNORE` and `MPI_STATUSES_IGNORE`
/// @param funneled     `MPI_THREAD_FUNNELED`
record MpiAbi(
        String name,
        ValueLayout handle,
        long world,
        long bytes,
        long floats,
        long sum,
        long errorsReturn,
        MemorySegment inPlace,
        MemorySegment ignored,
        int funneled) {
    /// That of MPI 5 (chapter 20), which Open MPI has from version 6 and MPICH from version 5 in a library of its own.
    static final MpiAbi STANDARD = new MpiAbi(
            "the standard binary interface",
            ValueLayout.JAVA_LONG,
            0x101,
            0x247,
            0x210,
            0x21,
            0x142,
            MemorySegment.ofAddress(1),
            MemorySegment.NULL,
            1024);

    /// MPICH's own, which Intel MPI and MVAPICH share.
    static final MpiAbi MPICH = new MpiAbi(
            "MPICH's binary interface",
            ValueLayout.JAVA_INT,
            0x44000000,
            0x4c00010d,
            0x4c00040a,
            0x58000003,
            0x54000001,
            MemorySegment.ofAddress(-1),
            MemorySegment.ofAddress(1),
            1);

    /// Open MPI's own, of versions 4 to 6: handles are addresses of variables of the library.
    static MpiAbi openMpi(SymbolLookup library) {
        return new MpiAbi(
                "Open MPI's binary interface",
                ValueLayout.JAVA_LONG,
                library.findOrThrow("ompi_mpi_comm_world").address(),
                library.findOrThrow("ompi_mpi_byte").address(),
                library.findOrThrow("ompi_mpi_float").address(),
                library.findOrThrow("ompi_mpi_op_sum").address(),
                library.findOrThrow("ompi_mpi_errors_return").address(),
                MemorySegment.ofAddress(1),
                MemorySegment.NULL,
                1);
    }

    /// Which one a library has.
    ///
    /// The file's name tells the standard one, because the other libraries have its functions too, and Open MPI's
    /// library of that name is linked to the one with the variables.
    static MpiAbi of(String file, SymbolLookup library) {
        if (Path.of(file).getFileName().toString().contains("mpi_abi")) {
            return STANDARD;
        }
        return library.find("ompi_mpi_comm_world").isPresent() ? openMpi(library) : MPICH;
    }
}
