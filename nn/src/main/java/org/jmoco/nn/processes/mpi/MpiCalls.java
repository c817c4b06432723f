package org.jmoco.nn.processes.mpi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import org.jmoco.nn.processes.ProcessesException;

/// The functions of an MPI library. Handles are longs here, whatever they are in the library.
///
/// Nothing here waits for another process, [#init], [#finish], [#abort] and [#allReduce] aside. For use by one thread.
final class MpiCalls {
    /// Stands for a handle in the descriptions below.
    private static final MemoryLayout HANDLE = JAVA_LONG.withName("handle");

    /// At least `MPI_MAX_LIBRARY_VERSION_STRING`, the longest text that a function writes.
    private static final int TEXT_BYTES = 8192;

    private final MpiAbi abi;
    private final MpiLibrary library;
    private final MemorySegment text = Arena.global().allocate(TEXT_BYTES);
    private final MemorySegment ints = Arena.global().allocate(JAVA_INT, 2);
    private final MemorySegment handleOut = Arena.global().allocate(JAVA_LONG);

    private final MethodHandle version;
    private final MethodHandle initThread;
    private final MethodHandle finalizeAll;
    private final MethodHandle abort;
    private final MethodHandle errorString;
    private final MethodHandle setErrorHandler;
    private final MethodHandle duplicate;
    private final MethodHandle freeCommunicator;
    private final MethodHandle rank;
    private final MethodHandle size;
    private final MethodHandle processorName;
    private final MethodHandle typeContiguous;
    private final MethodHandle typeCommit;
    private final MethodHandle typeFree;
    private final MethodHandle test;
    private final MethodHandle send;
    private final MethodHandle receive;
    private final MethodHandle allToAll;
    private final MethodHandle broadcast;
    private final MethodHandle allReduce;

    MpiCalls(MpiLibrary library) {
        this.library = library;
        this.abi = library.abi();
        version = function("MPI_Get_library_version", ADDRESS, ADDRESS);
        initThread = function("MPI_Init_thread", ADDRESS, ADDRESS, JAVA_INT, ADDRESS);
        finalizeAll = function("MPI_Finalize");
        abort = function("MPI_Abort", HANDLE, JAVA_INT);
        errorString = function("MPI_Error_string", JAVA_INT, ADDRESS, ADDRESS);
        setErrorHandler = function("MPI_Comm_set_errhandler", HANDLE, HANDLE);
        duplicate = function("MPI_Comm_dup", HANDLE, ADDRESS);
        freeCommunicator = function("MPI_Comm_free", ADDRESS);
        rank = function("MPI_Comm_rank", HANDLE, ADDRESS);
        size = function("MPI_Comm_size", HANDLE, ADDRESS);
        processorName = function("MPI_Get_processor_name", ADDRESS, ADDRESS);
        typeContiguous = function("MPI_Type_contiguous", JAVA_INT, HANDLE, ADDRESS);
        typeCommit = function("MPI_Type_commit", ADDRESS);
        typeFree = function("MPI_Type_free", ADDRESS);
        test = function("MPI_Test", ADDRESS, ADDRESS, ADDRESS);
        send = function("MPI_Isend", ADDRESS, JAVA_INT, HANDLE, JAVA_INT, JAVA_INT, HANDLE, ADDRESS);
        receive = function("MPI_Irecv", ADDRESS, JAVA_INT, HANDLE, JAVA_INT, JAVA_INT, HANDLE, ADDRESS);
        allToAll = function(
                "MPI_Ialltoallv",
                ADDRESS,
                ADDRESS,
                ADDRESS,
                HANDLE,
                ADDRESS,
                ADDRESS,
                ADDRESS,
                HANDLE,
                HANDLE,
                ADDRESS);
        broadcast = function("MPI_Ibcast", ADDRESS, JAVA_INT, HANDLE, JAVA_INT, HANDLE, ADDRESS);
        allReduce = function("MPI_Allreduce", ADDRESS, ADDRESS, JAVA_INT, HANDLE, HANDLE, HANDLE);
    }

    /// A function that gives an error code.
    private MethodHandle function(String name, MemoryLayout... arguments) {
        MemoryLayout[] layouts = Arrays.stream(arguments)
                .map(layout -> layout == HANDLE ? abi.handle() : layout)
                .toArray(MemoryLayout[]::new);
        Class<?>[] types = Arrays.stream(arguments)
                .map(layout -> ((ValueLayout) layout).carrier())
                .toArray(Class<?>[]::new);
        MethodHandle handle = Linker.nativeLinker()
                .downcallHandle(
                        library.symbols()
                                .find(name)
                                .orElseThrow(() -> new ProcessesException(library.file() + " has no function " + name)),
                        FunctionDescriptor.of(JAVA_INT, layouts));
        return MethodHandles.explicitCastArguments(handle, MethodType.methodType(int.class, types));
    }

    MpiAbi abi() {
        return abi;
    }

    /// Memory for a request; it holds none yet.
    static MemorySegment request() {
        return Arena.ofAuto().allocate(JAVA_LONG);
    }

    /// Name and version of the library; may be asked before [#init].
    String version() {
        return string("MPI_Get_library_version", (to, length) -> (int) version.invokeExact(to, length))
                .lines()
                .findFirst()
                .orElse("")
                .strip();
    }

    void init() {
        check("MPI_Init_thread", () ->
                (int) initThread.invokeExact(MemorySegment.NULL, MemorySegment.NULL, abi.funneled(), ints));
    }

    /// Leaves the others; comes back when all do.
    void finish() {
        check("MPI_Finalize", () -> (int) finalizeAll.invokeExact());
    }

    /// Ends all processes. Hardly ever comes back.
    void abort(int exitCode) {
        check("MPI_Abort", () -> (int) abort.invokeExact(abi.world(), exitCode));
    }

    /// Of errors in this communicator functions tell, instead of ending the process.
    void returnErrors(long communicator) {
        check("MPI_Comm_set_errhandler", () -> (int) setErrorHandler.invokeExact(communicator, abi.errorsReturn()));
    }

    /// Another communicator of the same processes. Collective.
    long duplicate(long communicator) {
        return handle("MPI_Comm_dup", out -> (int) duplicate.invokeExact(communicator, out));
    }

    /// Gives one back. Collective.
    void free(long communicator) {
        setHandle(communicator);
        check("MPI_Comm_free", () -> (int) freeCommunicator.invokeExact(handleOut));
    }

    int rank(long communicator) {
        check("MPI_Comm_rank", () -> (int) rank.invokeExact(communicator, ints));
        return ints.get(JAVA_INT, 0);
    }

    int size(long communicator) {
        check("MPI_Comm_size", () -> (int) size.invokeExact(communicator, ints));
        return ints.get(JAVA_INT, 0);
    }

    /// Name of this machine.
    String processorName() {
        return string("MPI_Get_processor_name", (to, length) -> (int) processorName.invokeExact(to, length));
    }

    /// A type of so many bytes.
    long bytesType(int bytes) {
        long type = handle("MPI_Type_contiguous", out -> (int) typeContiguous.invokeExact(bytes, abi.bytes(), out));
        check("MPI_Type_commit", () -> (int) typeCommit.invokeExact(handleOut));
        return type;
    }

    void freeType(long type) {
        setHandle(type);
        check("MPI_Type_free", () -> (int) typeFree.invokeExact(handleOut));
    }

    /// Whether a request is done; its memory holds none then.
    boolean test(MemorySegment request) {
        check("MPI_Test", () -> (int) test.invokeExact(request, ints, abi.ignored()));
        return ints.get(JAVA_INT, 0) != 0;
    }

    void send(MemorySegment from, int count, long type, int to, int tag, long communicator, MemorySegment request) {
        check("MPI_Isend", () -> (int) send.invokeExact(from, count, type, to, tag, communicator, request));
    }

    void receive(MemorySegment to, int count, long type, int from, int tag, long communicator, MemorySegment request) {
        check("MPI_Irecv", () -> (int) receive.invokeExact(to, count, type, from, tag, communicator, request));
    }

    /// Counts and starts are ints in memory, one for each process.
    void allToAll(
            MemorySegment sent,
            MemorySegment sentCounts,
            MemorySegment sentStarts,
            MemorySegment received,
            MemorySegment receivedCounts,
            MemorySegment receivedStarts,
            long type,
            long communicator,
            MemorySegment request) {
        check("MPI_Ialltoallv", () -> (int) allToAll.invokeExact(
                sent,
                sentCounts,
                sentStarts,
                type,
                received,
                receivedCounts,
                receivedStarts,
                type,
                communicator,
                request));
    }

    void broadcast(MemorySegment all, int count, long type, int from, long communicator, MemorySegment request) {
        check("MPI_Ibcast", () -> (int) broadcast.invokeExact(all, count, type, from, communicator, request));
    }

    /// The library's own sum of floats, in an order of its own, to compare with. Waits for the others.
    void allReduce(MemorySegment sum, int count, long communicator) {
        check("MPI_Allreduce", () ->
                (int) allReduce.invokeExact(abi.inPlace(), sum, count, abi.floats(), abi.sum(), communicator));
    }

    private interface Call {
        int code() throws Throwable;
    }

    private interface CallWith {
        int code(MemorySegment out) throws Throwable;
    }

    private interface CallForText {
        int code(MemorySegment text, MemorySegment length) throws Throwable;
    }

    private void check(String name, Call call) {
        int code = invoked(name, call);
        if (code != 0) {
            throw new ProcessesException(library.file() + ": " + name + " failed: " + errorText(code));
        }
    }

    private static int invoked(String name, Call call) {
        try {
            return call.code();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(name + ": the call failed", e);
        }
    }

    private long handle(String name, CallWith call) {
        handleOut.set(JAVA_LONG, 0, 0);
        check(name, () -> call.code(handleOut));
        return abi.handle() == JAVA_INT ? handleOut.get(JAVA_INT, 0) : handleOut.get(JAVA_LONG, 0);
    }

    private void setHandle(long handle) {
        if (abi.handle() == JAVA_INT) {
            handleOut.set(JAVA_INT, 0, (int) handle);
        } else {
            handleOut.set(JAVA_LONG, 0, handle);
        }
    }

    private String string(String name, CallForText call) {
        check(name, () -> call.code(text, ints));
        return text.getString(0);
    }

    private String errorText(int code) {
        int failed = invoked("MPI_Error_string", () -> (int) errorString.invokeExact(code, text, ints));
        return failed != 0
                ? "error " + code
                : text.getString(0).lines().findFirst().orElse("error " + code);
    }
}
